import { mersenne } from '../mersenne.ts';
import type { Interval } from '../stats.ts';
import { bootstrapMean, resamplesFor } from './bootstrap.ts';
import { minDetectable } from './detectable.ts';
import { mcnemarExact } from './mcnemar.ts';
import { permutationTest } from './permutation.ts';

/** One item, measured on both sides; right or wrong is 1 or 0. */
export type Pair = { baseline: number; candidate: number };

export type PairedTest = 'MCNEMAR_EXACT' | 'PAIRED_PERMUTATION';

/** What paired items say of the difference between two sides. Means and differences in their unit. */
export type PairedComparison = {
  items: number;
  baselineMean: number;
  candidateMean: number;
  /** Candidate minus baseline. */
  delta: number;
  /** Items with a lower, and with a higher, value of the candidate. */
  lower: number;
  higher: number;
  test: PairedTest;
  /** Two-sided: how probable a difference at least this large is when there is none. */
  pValue: number;
  /** Paired bootstrap interval of `delta` at 1 − alpha. */
  interval: Interval;
  minDetectable: number;
  alpha: number;
  seed: number;
  resamples: number;
};

/**
 * Compares two sides item by item. Right-or-wrong values are tested with McNemar's exact test,
 * others with a paired permutation test; the interval of the difference is a paired bootstrap.
 * Everything drawn comes from `seed`, so that anyone can repeat it.
 * @returns null when there are no pairs.
 */
export function comparePaired(
  pairs: readonly Pair[],
  alpha: number,
  seed: number,
): PairedComparison | null {
  const differences = pairs.map(({ baseline, candidate }) => candidate - baseline);
  const resamples = resamplesFor(pairs.length);
  const interval = bootstrapMean(differences, alpha, mersenne(seed).random, resamples);
  const detectable = minDetectable(differences, alpha);
  if (interval === null || detectable === null) return null;
  const mean = (side: keyof Pair) =>
    pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const lower = differences.filter((difference) => difference < 0).length;
  const higher = differences.filter((difference) => difference > 0).length;
  const isBinary = pairs.every(
    ({ baseline, candidate }) => isRightOrWrong(baseline) && isRightOrWrong(candidate),
  );
  return {
    items: pairs.length,
    baselineMean: mean('baseline'),
    candidateMean: mean('candidate'),
    delta: mean('candidate') - mean('baseline'),
    lower,
    higher,
    test: isBinary ? 'MCNEMAR_EXACT' : 'PAIRED_PERMUTATION',
    pValue: isBinary
      ? mcnemarExact(lower, higher)
      : permutationTest(differences, mersenne(seed).random, resamples),
    interval,
    minDetectable: detectable,
    alpha,
    seed,
    resamples,
  };
}

const isRightOrWrong = (value: number): boolean => value === 0 || value === 1;
