/** What the paired items of two evaluations say of one metric, in its unit. */
import type { ReadPairs } from '../evaluations/comparePairs.ts';
import { compareSlices, type SliceBy, slicePairs } from '../evaluations/compareSlices.ts';
import { resamplesFor } from '../lib/statistics/bootstrap.ts';
import { compareOffThread, testOffThread } from '../lib/statistics/offThread.ts';
import type { Pair, PairedTesting } from '../lib/statistics/paired.ts';
import type { Interval } from '../lib/stats.ts';
import { itemMetricOf, pairsOfMetric } from './metric.ts';

/** What every check draws from; stored with it. */
const SEED = 0;

export type SliceEvidence = PairedTesting & { by: SliceBy; value: string; adjustedP: number };

/** Means, difference, interval and least detectable difference are in the unit of the metric. */
export type Evidence = PairedTesting & {
  /** Null where it was not asked for. */
  interval: Interval | null;
  /** Items that were not judged on both sides. */
  unscored: number;
  slices: SliceEvidence[];
};

type Asked = { metric: string; alpha: number };

/**
 * Pairs the items of a metric and tests the difference; null when it is no mean of items or neither
 * side has any, UNPAIRED when no item was judged on both sides. `brief` leaves out the interval and the
 * parts, which no verdict depends on.
 */
export async function weigh(
  { metric, alpha }: Asked,
  read: ReadPairs,
  { brief }: { brief: boolean },
): Promise<Evidence | 'UNPAIRED' | null> {
  const of = itemMetricOf(metric);
  if (!of || read.pairs.length + read.unscored === 0) return null;
  const pairs = pairsOfMetric(of, read);
  const { unscored } = read;
  const resamples = resamplesFor(pairs.length);
  const taskOf = (group: Pair[]) => ({ pairs: group, alpha, seed: SEED, resamples });
  if (brief) {
    const [tested] = await testOffThread([taskOf(pairs)]);
    if (!tested) return 'UNPAIRED';
    return { ...inUnit(tested, of.scale), interval: null, unscored, slices: [] };
  }
  const [compared] = await compareOffThread([taskOf(pairs)]);
  if (!compared) return 'UNPAIRED';
  const { interval } = compared;
  const parts = await compareSlices(slicePairs(read.pairs, of.pairOf), (groups) =>
    testOffThread(groups.map(taskOf)),
  );
  return {
    ...inUnit(compared, of.scale),
    interval: { low: tidy(interval.low * of.scale), high: tidy(interval.high * of.scale) },
    unscored,
    slices: parts.map(({ by, value, adjustedP, statistics }) => ({
      ...inUnit(statistics, of.scale),
      by,
      value,
      adjustedP,
    })),
  };
}

function inUnit<Tested extends PairedTesting>(tested: Tested, scale: number): Tested {
  return {
    ...tested,
    baselineMean: tidy(tested.baselineMean * scale),
    candidateMean: tidy(tested.candidateMean * scale),
    delta: tidy(tested.delta * scale),
    minDetectable: tidy(tested.minDetectable * scale),
  };
}

/** Without the last digits, in which 0.75 − 0.8 is -0.050000000000000044. */
const tidy = (value: number): number => Number(value.toPrecision(12)) + 0;
