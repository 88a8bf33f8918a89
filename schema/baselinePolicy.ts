import type { OnInconclusive as OnInconclusiveValue } from '../prisma/generated/client/enums.ts';
import type { Floor as FloorShape } from '../server/baselines/policy.ts';
import { builder } from './builder.ts';
import { SliceKind } from './sliceScores.ts';

export const OnInconclusive = builder.enumType('OnInconclusive', {
  description: 'What a gate does with a difference that the data cannot decide.',
  values: {
    PASS: { description: 'Lets it through.' },
    WARN: { description: 'Lets it through and says so.' },
    FAIL: { description: 'Stops it.' },
  } satisfies Record<OnInconclusiveValue, object>,
});

export const BaselineFloor = builder.objectRef<FloorShape>('BaselineFloor').implement({
  description: 'The least accuracy on one part of the evaluation set.',
  fields: (t) => ({
    by: t.expose('by', { type: SliceKind, description: 'The field of the items.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
    minimum: t.exposeFloat('minimum', { description: 'The least accuracy, 0–1.' }),
  }),
});

const BaselineFloorInput = builder.inputType('BaselineFloorInput', {
  description: 'The least accuracy on one part of the evaluation set.',
  fields: (t) => ({
    by: t.field({ type: SliceKind, required: true, description: 'The field of the items.' }),
    value: t.string({ required: true, description: 'Its value, 1–64 characters.' }),
    minimum: t.float({ required: true, description: 'The least accuracy, 0–1.' }),
  }),
});

type InputFields = Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0];

/** The fields of a policy in an input. */
export const policyInputFields = (t: InputFields) => ({
  metric: t.string({ description: 'A key of the metrics; `score` when not given.' }),
  lowerIsBetter: t.boolean({
    description: 'By the name of the metric when not given: true for loss, latency, time, error.',
  }),
  tolerance: t.float({
    description:
      'Percent of the absolute value that a candidate may lose, 0–100; 5 when not given.',
  }),
  alpha: t.float({
    description: 'Significance level of the paired test, between 0 and 1; 0.05 when not given.',
  }),
  onInconclusive: t.field({ type: OnInconclusive, description: 'WARN when not given.' }),
  minItems: t.int({
    description: 'Fewer paired items than this decide nothing; 0 when not given.',
  }),
  requiredJudge: t.string({
    description: '`name@version`: both sides must be judged by it.',
  }),
  floors: t.field({
    type: [BaselineFloorInput],
    description: 'Least accuracies on parts of the evaluation set, at most 32.',
  }),
});
