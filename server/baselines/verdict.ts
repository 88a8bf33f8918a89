/** Decides about a candidate. Pure: the same inputs give the same finding, on any machine. */
import type { OnInconclusive, Verdict } from '../../prisma/generated/client/enums.ts';
import { differencesOf, type Side } from '../evaluations/compareSides.ts';
import { slicesOf } from '../evaluations/measure.ts';
import { metricOf } from '../evaluations/model.ts';
import type { PairedTest } from '../lib/statistics/paired.ts';
import type { Evidence } from './evidence.ts';
import { type JudgedFloor, judgeFloors } from './floors.ts';
import { type Loss, lossOf } from './loss.ts';
import { percentOf } from './metric.ts';
import type { Policy } from './policy.ts';
import { sayChance, sayChange, sayItems, sayWhatRemains } from './reasons.ts';
import { type CheckedSlice, checkedSlices } from './slices.ts';

/** The verdict and everything a person needs to follow it; stored as it is. */
export type Finding = {
  verdict: Verdict;
  /** What a script does with it by the policy. */
  outcome: OnInconclusive;
  /** Sentences a person can read. */
  reasons: string[];
  /** The rule that decided: `tolerance` alone, or a statistical test beside it. */
  test: 'tolerance' | PairedTest;
  /** The metric: over paired items where there are some, else as each evaluation has it. */
  baselineValue: number | null;
  candidateValue: number | null;
  delta: number | null;
  deltaPercent: number | null;
  itemCount: number | null;
  /** Items that got worse, and that got better. */
  worseCount: number | null;
  betterCount: number | null;
  pValue: number | null;
  intervalLow: number | null;
  intervalHigh: number | null;
  minDetectable: number | null;
  seed: number | null;
  resamples: number | null;
  slices: CheckedSlice[];
  policy: Policy;
};

/**
 * Compares a candidate with a baseline. What was not measured alike is NOT_COMPARABLE. With paired
 * items a loss beyond the tolerance is REGRESSED when it is significant and INCONCLUSIVE otherwise,
 * as are fewer items than the policy asks for; without them the tolerance alone decides.
 */
export function findVerdict(
  policy: Policy,
  baseline: Side,
  candidate: Side,
  weighed: Evidence | 'UNPAIRED' | null,
): Finding {
  const floors = judgeFloors(policy.floors, slicesOf(candidate.metrics));
  const [was, is] = [baseline, candidate].map(({ metrics }) => metricOf(metrics, policy.metric));
  const differences = [
    ...differencesOf(baseline, candidate),
    ...judgeDifferences(policy, baseline),
    ...missingMetrics(policy, baseline, candidate),
    ...(weighed === 'UNPAIRED' ? [`No item of ${policy.metric} was judged on both sides.`] : []),
    ...floors.flatMap(({ verdict, reason }) => (verdict === 'NOT_COMPARABLE' && reason) || []),
  ];
  if (differences.length > 0 || typeof was !== 'number' || typeof is !== 'number') {
    return {
      ...finding(policy, 'NOT_COMPARABLE', differences),
      test: 'tolerance',
      baselineValue: was ?? null,
      candidateValue: is ?? null,
      delta: null,
      deltaPercent: null,
      ...statisticsOf(policy, null),
      slices: checkedSlices(policy, [], floors),
    };
  }
  const evidence = weighed === 'UNPAIRED' ? null : weighed;
  // Both over the same items, or what could not be judged on one side would count as a change.
  const baselineValue = evidence?.baselineMean ?? was;
  const candidateValue = evidence?.candidateMean ?? is;
  const loss = lossOf(policy, baselineValue, candidateValue);
  const delta = evidence?.delta ?? candidateValue - baselineValue;
  const deltaPercent = percentOf(delta, baselineValue);
  const { verdict, reasons } = decide(policy, loss, evidence, floors);
  const change = sayChange(policy, baselineValue, candidateValue, deltaPercent, loss);
  return {
    ...finding(policy, verdict, [change, ...reasons]),
    test: evidence?.test ?? 'tolerance',
    baselineValue,
    candidateValue,
    delta,
    deltaPercent,
    ...statisticsOf(policy, evidence),
    slices: checkedSlices(policy, evidence?.slices ?? [], floors),
  };
}

function decide(
  policy: Policy,
  loss: Loss,
  evidence: Evidence | null,
  floors: readonly JudgedFloor[],
): { verdict: Verdict; reasons: string[] } {
  const paired = evidence?.items ?? 0;
  const items = sayItems(policy, evidence);
  if (paired < policy.minItems) {
    const few = `Only ${paired} items are paired, and fewer than ${policy.minItems} decide nothing by the policy.`;
    return { verdict: 'INCONCLUSIVE', reasons: [...(evidence ? items : []), few] };
  }
  const isChance = evidence !== null && evidence.pValue >= policy.alpha;
  const byLoss = !loss.isTooMuch ? 'PASS' : isChance ? 'INCONCLUSIVE' : 'REGRESSED';
  const verdicts = [byLoss, ...floors.map(({ verdict }) => verdict)];
  const verdict =
    (['REGRESSED', 'INCONCLUSIVE'] as const).find((each) => verdicts.includes(each)) ?? 'PASS';
  return {
    verdict,
    reasons: [
      ...items,
      ...(byLoss === 'PASS' ? [] : sayChance(policy, evidence)),
      ...floors.flatMap(({ reason }) => reason ?? []),
      ...(byLoss === 'PASS' ? sayWhatRemains(policy, loss, evidence) : []),
    ],
  };
}

const finding = (policy: Policy, verdict: Verdict, reasons: string[]) => ({
  verdict,
  outcome: outcomeOf(policy, verdict),
  reasons,
  policy,
});

/** What a gate does: it stops what got worse and what cannot be compared; doubt is for the policy. */
function outcomeOf(policy: Policy, verdict: Verdict): OnInconclusive {
  if (verdict === 'INCONCLUSIVE') return policy.onInconclusive;
  return verdict === 'PASS' ? 'PASS' : 'FAIL';
}

function statisticsOf({ lowerIsBetter }: Policy, evidence: Evidence | null) {
  const interval = evidence?.interval;
  return {
    itemCount: evidence?.items ?? null,
    worseCount: (lowerIsBetter ? evidence?.higher : evidence?.lower) ?? null,
    betterCount: (lowerIsBetter ? evidence?.lower : evidence?.higher) ?? null,
    pValue: evidence?.pValue ?? null,
    intervalLow: interval?.low ?? null,
    intervalHigh: interval?.high ?? null,
    minDetectable: evidence?.minDetectable ?? null,
    seed: evidence?.seed ?? null,
    resamples: evidence?.resamples ?? null,
  };
}

/** Candidates of another judge differ from the baseline, so only the baseline is looked at. */
function judgeDifferences({ requiredJudge }: Policy, baseline: Side): string[] {
  const judge = `${baseline.judge}@${baseline.judgeVersion}`;
  return requiredJudge === null || requiredJudge === judge
    ? []
    : [`The policy requires the judge ${requiredJudge}, and the baseline was judged by ${judge}.`];
}

const missingMetrics = ({ metric }: Policy, baseline: Side, candidate: Side): string[] =>
  [baseline, candidate].flatMap((side, index) =>
    metricOf(side.metrics, metric) === null
      ? [`The ${index === 0 ? 'baseline' : 'candidate'} has no metric "${metric}".`]
      : [],
  );
