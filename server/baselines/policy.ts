/** What a baseline asks of candidates: the rules of a policy and of its parts. */
import { z } from 'zod';
import { OnInconclusive } from '../../prisma/generated/client/enums.ts';
import { type Issue, ValidationError } from '../errors.ts';
import type { Side } from '../evaluations/compareSides.ts';
import { SLICE_KINDS } from '../evaluations/compareSlices.ts';
import { slicesOf } from '../evaluations/measure.ts';
import { metricOf, metricsOf } from '../evaluations/model.ts';
import { text } from '../lib/text.ts';
import { isLowerBetter, itemMetricOf } from './metric.ts';

/** `null` and nothing mean the same: the default. */
const orElse = <T extends z.ZodType>(type: T, value: z.output<T>) =>
  type.nullish().transform((given): z.output<T> => given ?? value);

export const Floor = z.strictObject({
  by: z.enum(SLICE_KINDS),
  value: text(1, 64),
  /** Least accuracy, 0–1. */
  minimum: z.number().min(0).max(1),
});

const JUDGE_REF = /^[a-z][a-z0-9_]{0,63}@[1-9]\d{0,8}$/;

/** The fields of a policy as they are given; what is left out has its default. */
export const policyFields = {
  metric: orElse(text(1, 64), 'score'),
  /** By the name of the metric when not given. */
  lowerIsBetter: z.boolean().nullish(),
  /** Percent of the baseline's absolute value that a candidate may lose. */
  tolerance: orElse(z.number().min(0).max(100), 5),
  alpha: orElse(z.number().gt(0).lt(1), 0.05),
  onInconclusive: orElse(z.enum(OnInconclusive), 'WARN'),
  /** Fewer paired items than this decide nothing. */
  minItems: orElse(z.int().min(0).max(1_000_000), 0),
  requiredJudge: z
    .string()
    .regex(JUDGE_REF, 'name a judge with its version, for example answer_correctness@1')
    .nullish()
    .transform((judge) => judge ?? null),
  floors: orElse(
    z
      .array(Floor)
      .max(32)
      .refine(
        (floors) => new Set(floors.map(({ by, value }) => `${by} ${value}`)).size === floors.length,
        { message: 'give each part one minimum', params: { code: 'DUPLICATE' } },
      ),
    [],
  ),
};

export type Floor = z.output<typeof Floor>;

/** A policy with every default filled in; stored with each check as it was. */
export type Policy = {
  metric: string;
  lowerIsBetter: boolean;
  tolerance: number;
  alpha: number;
  onInconclusive: OnInconclusive;
  minItems: number;
  /** `name@version`: both sides must be judged by it. */
  requiredJudge: string | null;
  floors: Floor[];
};

type Given = Omit<Policy, 'lowerIsBetter'> & { lowerIsBetter?: boolean | null | undefined };

/** The policy of what was given or stored, and nothing else of it. */
export const policyOf = (given: Given): Policy => ({
  metric: given.metric,
  lowerIsBetter: given.lowerIsBetter ?? isLowerBetter(given.metric),
  tolerance: given.tolerance,
  alpha: given.alpha,
  onInconclusive: given.onInconclusive,
  minItems: given.minItems,
  requiredJudge: given.requiredJudge,
  floors: given.floors,
});

/**
 * Refuses a policy that an evaluation could not even hold against itself.
 * @throws ValidationError that names every fault.
 */
export function requireFitting(policy: Policy, evaluation: Side): void {
  const issues: Issue[] = [];
  const refuse = (path: string[], code: string, found: string, message: string) =>
    void issues.push({ path, code, message: `${path.join('.')}: ${message}`, found });

  if (metricOf(evaluation.metrics, policy.metric) === null) {
    const known = Object.keys(metricsOf(evaluation.metrics)).sort().join(', ');
    refuse(
      ['metric'],
      'UNKNOWN_METRIC',
      policy.metric,
      `The evaluation has no such metric. It has: ${known}.`,
    );
  } else if (policy.minItems > 0 && !itemMetricOf(policy.metric)) {
    refuse(
      ['minItems'],
      'NO_ITEMS',
      String(policy.minItems),
      `${policy.metric} is no mean of items, so none can be counted. Leave it out.`,
    );
  }
  const judge = `${evaluation.judge}@${evaluation.judgeVersion}`;
  if (policy.requiredJudge !== null && policy.requiredJudge !== judge) {
    refuse(
      ['requiredJudge'],
      'WRONG_JUDGE',
      policy.requiredJudge,
      `The evaluation was judged by ${judge}. Pin one by this judge, or require that one.`,
    );
  }
  const slices = slicesOf(evaluation.metrics);
  for (const [index, { by, value }] of policy.floors.entries()) {
    if (slices.some((slice) => slice.by === by && slice.value === value)) continue;
    const known = slices.map((slice) => `${slice.by} ${slice.value}`).join(', ') || 'none';
    refuse(
      ['floors', String(index), 'value'],
      'UNKNOWN_PART',
      value,
      `The evaluation has no items with ${by} ${value}. Its parts are: ${known}.`,
    );
  }
  if (issues.length > 0) throw new ValidationError(issues);
}
