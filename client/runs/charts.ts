/** Which series belong on one chart, by the names the trainer gives them. */
import { formatBytes, formatMetric } from '../lib/format.ts';

export type Chart = {
  title: string;
  series: { name: string; label: string }[];
  /** Whether its values are bytes. */
  isBytes?: true;
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
  {
    title: 'Device memory',
    series: [
      { name: 'device/memory_in_use', label: 'memory in use' },
      { name: 'device/memory_peak', label: 'peak memory' },
    ],
    isBytes: true,
  },
];

/** A value of a chart in words. */
export const valueWord = (chart: Chart | undefined, value: number | null | undefined): string =>
  chart?.isBytes && typeof value === 'number' ? formatBytes(value) : formatMetric(value);

/** Whether it is measured now and then only, so that each value is to be seen by itself. */
export const isSparse = (name: string): boolean => name.startsWith('eval/');

/**
 * What is measured on one batch scatters. An evaluation has seen all its items, a learning rate is what
 * was asked for and memory is what it is: they stand as they are.
 */
export const isNoisy = (name: string): boolean =>
  !/^(eval|device)\//.test(name) && name !== 'train/learning_rate';
