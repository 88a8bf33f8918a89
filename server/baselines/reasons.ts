/** The sentences of a finding. */
import type { PairedTest } from '../lib/statistics/paired.ts';
import type { Evidence } from './evidence.ts';
import type { Loss } from './loss.ts';
import { itemMetricOf } from './metric.ts';
import type { Policy } from './policy.ts';

const round = (value: number, digits = 6): string => String(Number(value.toPrecision(digits)));
const rough = (value: number): string => round(value, 3);

const TESTS: Record<PairedTest, string> = {
  MCNEMAR_EXACT: "McNemar's exact test",
  PAIRED_PERMUTATION: 'paired permutation test',
};

/** How the metric changed, and whether that is within the tolerance. */
export function sayChange(
  { metric, tolerance }: Policy,
  baseline: number,
  candidate: number,
  percent: number,
  { loss, isTooMuch }: Loss,
): string {
  if (loss === 0) return `${metric} is unchanged at ${round(candidate)}.`;
  const way = candidate > baseline ? 'rose' : 'fell';
  const size = `${metric} ${way} from ${round(baseline)} to ${round(candidate)}`;
  const change = `${size} (${percent > 0 ? '+' : ''}${percent} %)`;
  if (isTooMuch) return `${change}, more than the ${tolerance} % it may lose.`;
  return loss > 0
    ? `${change}, within the ${tolerance} % it may lose.`
    : `${change}, which is better.`;
}

/** What the paired items say, or that there are none and the tolerance decides alone. */
export function sayItems({ metric, lowerIsBetter }: Policy, evidence: Evidence | null): string[] {
  if (!evidence) {
    const why = itemMetricOf(metric) ? 'no items are paired' : `${metric} is no mean of items`;
    return [`Decided by the tolerance alone: ${why}, so no statistical test was made.`];
  }
  const { items, unscored, lower, higher, test, interval, alpha } = evidence;
  const [worse, better] = lowerIsBetter ? [higher, lower] : [lower, higher];
  const range = interval
    ? `; the ${round(100 * (1 - alpha))} % interval of the difference is ${rough(interval.low)} to ${rough(interval.high)}`
    : '';
  const paired = `Of ${items} paired items ${worse} got worse and ${better} better: p = ${rough(evidence.pValue)} (${TESTS[test]})${range}.`;
  const rest = `${unscored} more ${unscored === 1 ? 'item was' : 'items were'} not judged on both sides and left out.`;
  return unscored > 0 ? [paired, rest] : [paired];
}

/** Whether a loss beyond the tolerance may be chance. */
export function sayChance({ alpha }: Policy, evidence: Evidence | null): string[] {
  if (!evidence) return [];
  return evidence.pValue < alpha
    ? [`That is more than chance explains: p is below ${alpha}.`]
    : [`That may be chance: p is not below ${alpha}. More items would tell.`];
}

/** What a pass does not rule out. */
export function sayWhatRemains(
  { lowerIsBetter }: Policy,
  { allowed }: Loss,
  evidence: Evidence | null,
): string[] {
  if (!evidence) return [];
  const { interval, items, minDetectable } = evidence;
  const worst = interval && (lowerIsBetter ? interval.high : -interval.low);
  const reasons: string[] = [];
  if (worst !== null && worst > allowed) {
    reasons.push(
      `A loss of up to ${rough(worst)} is not ruled out, where ${rough(allowed)} is allowed.`,
    );
  }
  if (minDetectable > allowed) {
    reasons.push(
      `${items} items show a difference of ${rough(minDetectable)} four times in five; smaller ones may be missed.`,
    );
  }
  return reasons;
}
