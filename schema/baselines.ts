import type {
  OnInconclusive as OnInconclusiveValue,
  Verdict as VerdictValue,
} from '../prisma/generated/client/enums.ts';
import { checkRegression } from '../server/baselines/check.ts';
import { setBaseline } from '../server/baselines/set.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { metricOf } from '../server/evaluations/model.ts';
import { findable } from '../server/lib/text.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';

const OnInconclusive = builder.enumType('OnInconclusive', {
  description: 'What a gate does with a difference that the data cannot decide.',
  values: {
    PASS: { description: 'Lets it through.' },
    WARN: { description: 'Lets it through and says so.' },
    FAIL: { description: 'Stops it.' },
  } satisfies Record<OnInconclusiveValue, object>,
});

const Verdict = builder.enumType('Verdict', {
  description: 'What a check found.',
  values: {
    PASS: { description: 'Not worse than the baseline by more than it may be.' },
    REGRESSED: { description: 'Worse by more than it may be.' },
    INCONCLUSIVE: {
      description: 'The data cannot tell. Not given yet: no statistical test is made so far.',
    },
    NOT_COMPARABLE: { description: 'Not measured alike; `reasons` say what differs.' },
  } satisfies Record<VerdictValue, object>,
});

/** Checks that one baseline shows; more are of no use on a page. */
const CHECKS = 100;

builder.prismaNode('Baseline', {
  id: { field: 'id' },
  nullable: true,
  description: 'A named, pinned evaluation to check others against. Each change is a new revision.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, the same for all revisions.' }),
    revision: t.exposeInt('revision', { description: 'From 1; the highest counts.' }),
    evaluation: t.relation('evaluation', { description: 'The pinned evaluation.' }),
    metric: t.exposeString('metric', { description: 'The metric that is compared.' }),
    value: t.float({
      description: 'The value of the metric.',
      select: { metric: true, evaluation: { select: { metrics: true } } },
      // setBaseline refuses a metric that the evaluation lacks, and evaluations never change.
      resolve: ({ metric, evaluation }) => metricOf(evaluation.metrics, metric) ?? Number.NaN,
    }),
    lowerIsBetter: t.exposeBoolean('lowerIsBetter', {
      description: 'Whether less is better, as for a loss.',
    }),
    tolerance: t.exposeFloat('tolerance', {
      description: 'Percent of the absolute value that a candidate may lose.',
    }),
    alpha: t.exposeFloat('alpha', {
      description: 'Significance level for statistical tests.',
    }),
    onInconclusive: t.expose('onInconclusive', {
      type: OnInconclusive,
      description: 'What a gate does when the data cannot tell.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was set.' }),
    history: t.prismaField({
      type: ['Baseline'],
      description: 'Every revision of this name, newest first.',
      select: { name: true },
      resolve: (query, { name }, _args, { app }) =>
        app.db.baseline.findMany({ ...query, where: { name }, orderBy: { revision: 'desc' } }),
    }),
    checks: t.relation('checks', {
      description: `Checks against this revision, newest first, at most ${CHECKS}.`,
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: CHECKS },
    }),
  }),
});

builder.prismaNode('Check', {
  id: { field: 'id' },
  nullable: true,
  description: 'A verdict of one evaluation against one baseline revision, with its inputs.',
  fields: (t) => ({
    baseline: t.relation('baseline', { description: 'The revision it was checked against.' }),
    evaluation: t.relation('evaluation', { description: 'The candidate.' }),
    verdict: t.expose('verdict', { type: Verdict, description: 'What was found.' }),
    reasons: t.exposeStringList('reasons', { description: 'Why, in sentences.' }),
    test: t.exposeString('test', {
      description: 'The rule that decided: `tolerance` compares the two values alone.',
    }),
    baselineValue: t.exposeFloat('baselineValue', {
      nullable: true,
      description: 'The metric of the baseline.',
    }),
    candidateValue: t.exposeFloat('candidateValue', {
      nullable: true,
      description: 'The metric of the candidate; null when it has none.',
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
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const SetBaselineInput = builder.inputType('SetBaselineInput', {
  description: 'What to pin, and how much a candidate may lose.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: '1–128 characters. A name that exists gets a new revision.',
    }),
    evaluationId: t.id({ required: true, description: 'The `id` of a completed evaluation.' }),
    metric: t.string({ description: 'A key of its metrics; `score` when not given.' }),
    lowerIsBetter: t.boolean({
      description: 'By the name of the metric when not given: true for loss, latency, time, error.',
    }),
    tolerance: t.float({ description: 'Percent, 0–100; 5 when not given.' }),
    alpha: t.float({
      description: 'Between 0 and 1; 0.05 when not given. Kept for statistical tests.',
    }),
    onInconclusive: t.field({
      type: OnInconclusive,
      description: 'WARN when not given. Kept for statistical tests.',
    }),
  }),
});

const SetBaselinePayload = builder.objectRef<{ id: string }>('SetBaselinePayload').implement({
  description: 'The new revision.',
  fields: (t) => ({
    baseline: t.prismaField({
      type: 'Baseline',
      description: 'The baseline, which is current now.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.baseline.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

const CheckRegressionInput = builder.inputType('CheckRegressionInput', {
  description: 'What to check: exactly one of a run and an evaluation.',
  fields: (t) => ({
    baseline: t.string({ required: true, description: 'The name of a baseline.' }),
    runId: t.id({
      description: 'The `id` of a run; its newest evaluation made like the pinned one counts.',
    }),
    evaluationId: t.id({ description: 'The `id` of a completed evaluation.' }),
  }),
});

const CheckRegressionPayload = builder
  .objectRef<{ id: string }>('CheckRegressionPayload')
  .implement({
    description: 'The stored check.',
    fields: (t) => ({
      check: t.prismaField({
        type: 'Check',
        description: 'The check with its verdict.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.check.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

builder.queryFields((t) => ({
  baseline: t.prismaField({
    type: 'Baseline',
    nullable: true,
    description: 'The current revision of a baseline; null when there is none of this name.',
    authScopes: { read: true },
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (query, _root, { name }, { app }) =>
      app.db.baseline.findFirst({
        ...query,
        where: { name: findable(name) },
        orderBy: { revision: 'desc' },
      }),
  }),
  baselines: t.prismaField({
    type: ['Baseline'],
    description: 'The current revision of every baseline, by name.',
    authScopes: { read: true },
    resolve: (query, _root, _args, { app }) =>
      app.db.baseline.findMany({
        ...query,
        distinct: ['name'],
        orderBy: [{ name: 'asc' }, { revision: 'desc' }],
      }),
  }),
}));

builder.mutationFields((t) => ({
  setBaseline: t.field({
    type: SetBaselinePayload,
    description: 'Pins a completed evaluation under a name.',
    authScopes: { write: true },
    args: { input: t.arg({ type: SetBaselineInput, required: true, description: 'What to pin.' }) },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What setBaseline answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      setBaseline(app, { ...input, evaluationId: idOf('Evaluation', input.evaluationId) }),
  }),
  checkRegression: t.field({
    type: CheckRegressionPayload,
    description: 'Compares a run or an evaluation with a baseline and stores the verdict.',
    authScopes: { write: true },
    args: {
      input: t.arg({ type: CheckRegressionInput, required: true, description: 'What to check.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What checkRegression answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      checkRegression(app, {
        ...input,
        runId: input.runId && idOf('Run', input.runId),
        evaluationId: input.evaluationId && idOf('Evaluation', input.evaluationId),
      }),
  }),
}));
