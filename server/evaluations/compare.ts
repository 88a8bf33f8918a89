/** Compares two evaluations item by item. */
import type { Pool } from 'pg';
import { z } from 'zod';
import { parse } from '../lib/parse.ts';
import { resamplesFor } from '../lib/statistics/bootstrap.ts';
import { compareOffThread } from '../lib/statistics/offThread.ts';
import type { Pair, PairedComparison } from '../lib/statistics/paired.ts';
import { type ItemPair, readPairs } from './comparePairs.ts';
import { differencesOf, readSide } from './compareSides.ts';
import { compareSlices, type SliceStatistics, slicePairs } from './compareSlices.ts';

export const CompareOptions = z.strictObject({
  alpha: z.number().gt(0).lt(1),
  seed: z.int().min(0).max(2_147_483_647),
});

export type EvaluationComparison = z.output<typeof CompareOptions> & {
  baseline: string;
  candidate: string;
  /** Sentences; none when the two can be compared. */
  differences: string[];
};

/**
 * Says whether two evaluations, by uuid, can be compared; null when there is no such evaluation.
 * @throws ValidationError for an alpha or a seed out of range.
 */
export async function compareEvaluations(
  sql: Pool,
  {
    baseline,
    candidate,
    ...options
  }: { baseline: string; candidate: string } & z.input<typeof CompareOptions>,
): Promise<EvaluationComparison | null> {
  const { alpha, seed } = parse(CompareOptions, options);
  const [left, right] = await Promise.all([readSide(sql, baseline), readSide(sql, candidate)]);
  if (!left || !right) return null;
  const unfinished = [left, right].flatMap(({ status }, index) =>
    status === 'COMPLETED'
      ? []
      : [`The ${index === 0 ? 'baseline' : 'candidate'} is ${status.toLowerCase()}.`],
  );
  return {
    baseline,
    candidate,
    alpha,
    seed,
    differences: [...unfinished, ...differencesOf(left, right)],
  };
}

export type ComparisonStatistics = {
  /** Null when no item was judged on both sides. Values are item scores, 0–1. */
  statistics: PairedComparison | null;
  slices: SliceStatistics<PairedComparison>[];
};

/** Statistics over all items that were judged on both sides, and over each part of the set. */
export async function readStatistics(
  sql: Pool,
  comparison: EvaluationComparison,
): Promise<ComparisonStatistics> {
  if (comparison.differences.length > 0) return { statistics: null, slices: [] };
  const { alpha, seed } = comparison;
  const { pairs } = await readPairs(sql, comparison);
  const pairOf = ({ baselineScore, candidateScore }: ItemPair) => ({
    baseline: baselineScore,
    candidate: candidateScore,
  });
  // Parts draw as often as the whole: by their own size they would take many times its work.
  const resamples = resamplesFor(pairs.length);
  const compare = (groups: Pair[][]) =>
    compareOffThread(groups.map((group) => ({ pairs: group, alpha, seed, resamples })));
  const [statistics = null] = await compare([pairs.map(pairOf)]);
  return { statistics, slices: await compareSlices(slicePairs(pairs, pairOf), compare) };
}
