import type { Split, Verdict } from '../../prisma/generated/client/enums.ts';

/** One evaluation as a gate sees it. `value` is null when it lacks the metric. */
export type Measured = {
  value: number | null;
  /** Content hash of the dataset or evaluation set; those with the same content compare. */
  itemsHash: string;
  /** The side of the dataset; null for an evaluation set. */
  split: Split | null;
  judge: string;
  judgeVersion: number;
};

export type Rule = {
  metric: string;
  lowerIsBetter: boolean;
  /** Percent of the baseline's absolute value that a candidate may lose. */
  tolerance: number;
};

/** The verdict and everything a person needs to follow it; stored as it is. */
export type Finding = {
  verdict: Verdict;
  /** Sentences a person can read. */
  reasons: string[];
  /** The rule that decided; statistical tests will have names of their own. */
  test: 'tolerance';
  baselineValue: number | null;
  candidateValue: number | null;
  delta: number | null;
  deltaPercent: number | null;
};

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

/**
 * Compares a candidate with a baseline by the plain tolerance rule: it may lose `tolerance` percent
 * of the baseline's absolute value, the boundary included, and gain without limit. Against a
 * baseline of 0 nothing may be lost. What was not measured alike is NOT_COMPARABLE.
 */
export function findVerdict(rule: Rule, baseline: Measured, candidate: Measured): Finding {
  const values = {
    test: 'tolerance' as const,
    baselineValue: baseline.value,
    candidateValue: candidate.value,
  };
  const differences = differencesOf(rule.metric, baseline, candidate);
  if (differences.length > 0 || baseline.value === null || candidate.value === null) {
    const verdict = 'NOT_COMPARABLE' as const;
    return { ...values, verdict, reasons: differences, delta: null, deltaPercent: null };
  }
  const delta = candidate.value - baseline.value;
  const deltaPercent = percentOf(delta, baseline.value);
  const loss = rule.lowerIsBetter ? delta : -delta;
  const allowed = (rule.tolerance / 100) * Math.abs(baseline.value);
  // 0.8 - 0.76 is 0.04000000000000004 in floating point: the boundary still passes.
  const slack = 1e-9 * Math.max(Math.abs(baseline.value), Math.abs(candidate.value));
  const verdict = loss > allowed + slack ? 'REGRESSED' : 'PASS';
  return {
    ...values,
    verdict,
    reasons: [
      describe(rule, baseline.value, candidate.value, deltaPercent, loss, verdict),
      'Decided by the tolerance alone: no statistical test was made.',
    ],
    delta,
    deltaPercent,
  };
}

function differencesOf(metric: string, baseline: Measured, candidate: Measured): string[] {
  const judgeOf = (side: Measured) => `${side.judge}@${side.judgeVersion}`;
  const reasons: string[] = [];
  const isOnSet = baseline.split === null;
  if (isOnSet !== (candidate.split === null)) {
    const [set, split] = isOnSet ? ['baseline', 'candidate'] : ['candidate', 'baseline'];
    reasons.push(`The ${set} is of an evaluation set, the ${split} of a split of a dataset.`);
  } else {
    if (candidate.itemsHash !== baseline.itemsHash) {
      reasons.push(`The ${isOnSet ? 'evaluation sets' : 'datasets'} differ in content.`);
    }
    if (candidate.split !== baseline.split) {
      reasons.push(
        `The baseline is of split ${baseline.split}, the candidate of ${candidate.split}.`,
      );
    }
  }
  if (judgeOf(candidate) !== judgeOf(baseline)) {
    reasons.push(
      `The baseline was judged by ${judgeOf(baseline)}, the candidate by ${judgeOf(candidate)}.`,
    );
  }
  if (baseline.value === null) reasons.push(`The baseline has no metric "${metric}".`);
  if (candidate.value === null) reasons.push(`The candidate has no metric "${metric}".`);
  return reasons;
}

function describe(
  rule: Rule,
  baseline: number,
  candidate: number,
  percent: number,
  loss: number,
  verdict: 'PASS' | 'REGRESSED',
): string {
  if (loss === 0) return `${rule.metric} is unchanged at ${round(candidate)}.`;
  const way = candidate > baseline ? 'rose' : 'fell';
  const size = `${rule.metric} ${way} from ${round(baseline)} to ${round(candidate)}`;
  const change = `${size} (${percent > 0 ? '+' : ''}${percent} %)`;
  if (verdict === 'REGRESSED') return `${change}, more than the ${rule.tolerance} % it may lose.`;
  return loss > 0
    ? `${change}, within the ${rule.tolerance} % it may lose.`
    : `${change}, which is better.`;
}

const round = (value: number): string => String(Number(value.toPrecision(6)));
