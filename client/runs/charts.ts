/** Which series belong on one chart, by the names the trainer gives them. */

export type Chart = {
  title: string;
  series: { name: string; label: string }[];
  /** Each value is seen by itself: there are few. */
  isSparse?: true;
};

export const CHARTS: readonly Chart[] = [
  {
    title: 'Loss',
    series: [
      { name: 'train/loss', label: 'train loss' },
      { name: 'eval/loss', label: 'eval loss' },
    ],
  },
  {
    title: 'Accuracy on the way',
    series: [{ name: 'eval/accuracy', label: 'eval accuracy' }],
    isSparse: true,
  },
  {
    title: 'Learning rate',
    series: [{ name: 'train/learning_rate', label: 'learning rate' }],
  },
  {
    title: 'Throughput',
    series: [{ name: 'train/tokens_per_second', label: 'tokens/s' }],
  },
  {
    title: 'Gradient norm',
    series: [{ name: 'train/grad_norm', label: 'gradient norm' }],
  },
];

/**
 * What is measured on one batch scatters. An evaluation has seen all its items, and a learning rate is
 * what was asked for: both stand as they are.
 */
export const isNoisy = (name: string): boolean =>
  !name.startsWith('eval/') && name !== 'train/learning_rate';
