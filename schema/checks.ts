import type {
  OnInconclusive as Outcome,
  Verdict as VerdictValue,
} from '../prisma/generated/client/enums.ts';
import type { JudgedFloor } from '../server/baselines/floors.ts';
import type { CheckedSlice } from '../server/baselines/slices.ts';
import { builder } from './builder.ts';
import { ConfidenceInterval } from './confidenceInterval.ts';
import { DifferenceInterval } from './pairedStatistics.ts';
import { SliceKind } from './sliceScores.ts';

export const Verdict = builder.enumType('Verdict', {
  description: 'What a check found.',
  values: {
    PASS: { description: 'Not worse than the baseline by more than it may be.' },
    REGRESSED: { description: 'Worse by more than it may be and by more than chance explains.' },
    INCONCLUSIVE: { description: 'Worse by more than it may be, or too few items to tell.' },
    NOT_COMPARABLE: { description: 'Not measured alike; `reasons` say what differs.' },
  } satisfies Record<VerdictValue, object>,
});

export const CheckOutcome = builder.enumType('CheckOutcome', {
  description: 'What a gate does with a verdict by the policy of the baseline.',
  values: {
    PASS: { description: 'Lets it through.' },
    WARN: { description: 'Lets it through and says that the data could not tell.' },
    FAIL: { description: 'Stops it.' },
  } satisfies Record<Outcome, object>,
});

const CheckFloor = builder.objectRef<JudgedFloor>('CheckFloor').implement({
  description: 'The least accuracy on a part, and whether the candidate keeps it.',
  fields: (t) => ({
    minimum: t.exposeFloat('minimum', { description: 'The least accuracy, 0–1.' }),
    accuracy: t.exposeFloat('accuracy', {
      nullable: true,
      description: 'That of the candidate, 0–1; null when it has no such items.',
    }),
    items: t.exposeInt('items', { description: 'Items of the candidate in this part.' }),
    interval: t.expose('interval', {
      type: ConfidenceInterval,
      nullable: true,
      description: 'Wilson 95 % interval of `accuracy`.',
    }),
    verdict: t.expose('verdict', {
      type: Verdict,
      description:
        'REGRESSED when also the upper end of the interval is below; INCONCLUSIVE when only the ' +
        'accuracy is.',
    }),
  }),
});

const CheckSlice = builder.objectRef<CheckedSlice>('CheckSlice').implement({
  description: 'One part of the evaluation set in a check, in the unit of the metric.',
  fields: (t) => ({
    by: t.expose('by', { type: SliceKind, description: 'The field of the items.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
    verdict: t.expose('verdict', {
      type: Verdict,
      nullable: true,
      description:
        'What its paired items say by tolerance and `adjustedP`; null without any. It informs: of ' +
        'the parts only floors decide.',
    }),
    items: t.exposeInt('items', { description: 'Paired items.' }),
    baselineValue: t.exposeFloat('baselineValue', {
      nullable: true,
      description: 'Mean on the baseline.',
    }),
    candidateValue: t.exposeFloat('candidateValue', {
      nullable: true,
      description: 'Mean on the candidate.',
    }),
    delta: t.exposeFloat('delta', { nullable: true, description: 'Candidate minus baseline.' }),
    worseCount: t.exposeInt('worseCount', { nullable: true, description: 'Items that got worse.' }),
    betterCount: t.exposeInt('betterCount', {
      nullable: true,
      description: 'Items that got better.',
    }),
    test: t.exposeString('test', { nullable: true, description: 'The test, as of the check.' }),
    pValue: t.exposeFloat('pValue', { nullable: true, description: 'Of its own, 0–1.' }),
    adjustedP: t.exposeFloat('adjustedP', {
      nullable: true,
      description: "Corrected for the number of parts by Holm's method.",
    }),
    floor: t.expose('floor', {
      type: CheckFloor,
      nullable: true,
      description: 'Its floor, where the policy has one.',
    }),
  }),
});

const Check = builder.prismaNode('Check', {
  id: { field: 'id' },
  nullable: true,
  description: 'A verdict of one evaluation against one baseline revision, with its inputs.',
  fields: (t) => ({
    baseline: t.relation('baseline', { description: 'The revision it was checked against.' }),
    evaluation: t.relation('evaluation', { description: 'The candidate.' }),
    verdict: t.expose('verdict', { type: Verdict, description: 'What was found.' }),
    outcome: t.expose('outcome', { type: CheckOutcome, description: 'What a gate does with it.' }),
    reasons: t.exposeStringList('reasons', { description: 'Why, in sentences.' }),
    test: t.exposeString('test', {
      description:
        'The rule that decided: `tolerance` compares the two values alone; `MCNEMAR_EXACT` and ' +
        '`PAIRED_PERMUTATION` test paired items beside it.',
    }),
    baselineValue: t.exposeFloat('baselineValue', {
      nullable: true,
      description: 'The metric of the baseline, over the paired items where there are some.',
    }),
    candidateValue: t.exposeFloat('candidateValue', {
      nullable: true,
      description: 'The same of the candidate; null when it has none.',
    }),
    delta: t.exposeFloat('delta', {
      nullable: true,
      description: 'Candidate minus baseline; null when they do not compare.',
    }),
    deltaPercent: t.exposeFloat('deltaPercent', {
      nullable: true,
      description:
        'The same in percent of the absolute value of the baseline, two decimals; 0, 100 or -100 ' +
        'against 0.',
    }),
    itemCount: t.exposeInt('itemCount', {
      nullable: true,
      description: 'Paired items; null without any.',
    }),
    worseCount: t.exposeInt('worseCount', { nullable: true, description: 'Items that got worse.' }),
    betterCount: t.exposeInt('betterCount', {
      nullable: true,
      description: 'Items that got better.',
    }),
    pValue: t.exposeFloat('pValue', {
      nullable: true,
      description: 'How probable a difference at least this large is when there is none, 0–1.',
    }),
    interval: t.field({
      type: DifferenceInterval,
      nullable: true,
      description: 'Paired bootstrap interval of `delta` at 1 − alpha.',
      select: { intervalLow: true, intervalHigh: true },
      resolve: ({ intervalLow: low, intervalHigh: high }) =>
        low === null || high === null ? null : { low, high },
    }),
    minDetectable: t.exposeFloat('minDetectable', {
      nullable: true,
      description: 'The smallest difference that so many items show four times in five.',
    }),
    seed: t.exposeInt('seed', { nullable: true, description: 'Repeats everything drawn.' }),
    resamples: t.exposeInt('resamples', { nullable: true, description: 'How often it was drawn.' }),
    slices: t.field({
      type: [CheckSlice],
      description: 'Each part of the evaluation set, and each floor.',
      select: { slices: true },
      resolve: ({ slices }) => slices as CheckedSlice[],
    }),
    policy: t.expose('policy', {
      type: 'JSON',
      description:
        'The policy as it was: `{"metric": "score", "tolerance": 5, "alpha": 0.05, …}`, with the ' +
        'fields of the baseline.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.prismaObjectFields('Evaluation', (t) => ({
  latestCheck: t.field({
    type: Check,
    nullable: true,
    description: 'Its newest check as a candidate; null for one that no gate was asked about.',
    select: (_args, _context, nested) => ({
      checks: nested({ take: 1, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    }),
    resolve: ({ checks }) => checks[0] ?? null,
  }),
}));
