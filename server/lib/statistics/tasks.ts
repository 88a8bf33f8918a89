import {
  comparePaired,
  type Pair,
  type PairedComparison,
  type PairedTesting,
  testPaired,
} from './paired.ts';

/** One paired comparison to make; plain data that a thread can be given. */
export type PairedTask = {
  pairs: readonly Pair[];
  alpha: number;
  seed: number;
  resamples: number;
};

export const compareAll = (tasks: readonly PairedTask[]): (PairedComparison | null)[] =>
  tasks.map(({ pairs, alpha, seed, resamples }) => comparePaired(pairs, alpha, seed, resamples));

export const testAll = (tasks: readonly PairedTask[]): (PairedTesting | null)[] =>
  tasks.map(({ pairs, alpha, seed, resamples }) => testPaired(pairs, alpha, seed, resamples));
