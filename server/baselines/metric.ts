/** What the name of a metric says: which way is better, and whether items add up to it. */
import type { ItemPair, ReadPairs } from '../evaluations/comparePairs.ts';
import { inSlice, type SliceBy } from '../evaluations/compareSlices.ts';
import type { Pair } from '../lib/statistics/paired.ts';

/** Parts of a metric name that mean less is better. */
const LESS_IS_BETTER = /(?:loss|losses|latency|latencies|time|times|error|errors)$/;

/**
 * Whether a metric is better when it is lower, by its name: iff one of its words ends with loss,
 * latency, time or error (`train/loss`, `runtimeMs`, `error_rate`, but not `sentiment`).
 */
export const isLowerBetter = (metric: string): boolean =>
  metric
    .replace(/([a-z])(?=[A-Z])/g, '$1 ')
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => LESS_IS_BETTER.test(word));

/**
 * The difference in percent of the baseline's absolute value, with two decimals, so that its sign is
 * that of the difference also below zero. Against a baseline of 0 it is 0, 100 or -100.
 */
export function percentOf(delta: number, baseline: number): number {
  if (baseline === 0) return Math.sign(delta) * 100;
  // `+ 0` makes -0 a 0.
  return Math.round((1e4 * delta) / Math.abs(baseline)) / 100 + 0;
}

/** A metric that is the mean of something of each item. */
export type ItemMetric = {
  /** What the mean of items, 0–1, is multiplied with. */
  scale: number;
  pairOf(item: ItemPair): Pair;
  /** Only items of this part count. */
  slice: { by: SliceBy; value: string } | null;
};

const SLICED = /^(section|category|difficulty)\/(.+)\/(accuracy|score)$/s;

const ofScore = (item: ItemPair): Pair => ({
  baseline: item.baselineScore,
  candidate: item.candidateScore,
});

const ofCorrect = (item: ItemPair): Pair => ({
  baseline: Number(item.baselineCorrect),
  candidate: Number(item.candidateCorrect),
});

/** How items add up to a metric (`measure.ts` adds them up); null when they do not. */
export function itemMetricOf(metric: string): ItemMetric | null {
  const [, part, value = '', name = metric] = SLICED.exec(metric) ?? [];
  const slice = part ? { by: part.toUpperCase() as SliceBy, value } : null;
  if (name === 'score') return { scale: 100, pairOf: ofScore, slice };
  if (name === 'accuracy') return { scale: 1, pairOf: ofCorrect, slice };
  if (name === 'primary_score') return { scale: 1, pairOf: ofScore, slice };
  return null;
}

/** The paired items that a metric is the mean of. */
export const pairsOfMetric = ({ pairOf, slice }: ItemMetric, { pairs }: ReadPairs): Pair[] =>
  (slice ? inSlice(pairs, slice) : pairs).map(pairOf);
