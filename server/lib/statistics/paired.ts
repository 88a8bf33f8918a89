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

/** All of it but the interval, which takes most of the work. */
export type PairedTesting = Omit<PairedComparison, 'interval'>;

/**
 * Tests two sides item by item: right-or-wrong values with McNemar's exact test, others with a
 * paired permutation test whose draws come from `seed`, so that anyone can repeat it.
 * @returns null when there are no pairs.
 */
export function testPaired(
  pairs: readonly Pair[],
  alpha: number,
  seed: number,
  resamples = resamplesFor(pairs.length),
): PairedTesting | null {
  const differences = differencesOf(pairs);
  const detectable = minDetectable(differences, alpha);
  if (detectable === null) return null;
  const mean = (side: keyof Pair) =>
    pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const lower = differences.filter((difference) => difference < 0).length;
  const higher = differences.filter((difference) => difference > 0).length;
  const isExact = isBinary(pairs);
  return {
    items: pairs.length,
    baselineMean: mean('baseline'),
    candidateMean: mean('candidate'),
    delta: mean('candidate') - mean('baseline'),
    lower,
    higher,
    test: isExact ? 'MCNEMAR_EXACT' : 'PAIRED_PERMUTATION',
    pValue: isExact
      ? mcnemarExact(lower, higher)
      : permutationTest(differences, mersenne(seed).random, resamples),
    minDetectable: detectable,
    alpha,
    seed,
    resamples,
  };
}

/**
 * The same with the interval of the difference, a paired bootstrap drawn from `seed`.
 * @returns null when there are no pairs.
 */
export function comparePaired(
  pairs: readonly Pair[],
  alpha: number,
  seed: number,
  resamples = resamplesFor(pairs.length),
): PairedComparison | null {
  const interval = bootstrapMean(differencesOf(pairs), alpha, mersenne(seed).random, resamples);
  const tested = testPaired(pairs, alpha, seed, resamples);
  return tested && interval && { ...tested, interval };
}

const differencesOf = (pairs: readonly Pair[]): number[] =>
  pairs.map(({ baseline, candidate }) => candidate - baseline);

/** Whether every value is right or wrong, so that McNemar's test applies. */
export const isBinary = (pairs: readonly Pair[]): boolean =>
  pairs.every(({ baseline, candidate }) => isRightOrWrong(baseline) && isRightOrWrong(candidate));

const isRightOrWrong = (value: number): boolean => value === 0 || value === 1;
