import { checkRegression } from '../server/baselines/check.ts';
import { isCurrent } from '../server/baselines/gate.ts';
import { promoteBestRun } from '../server/baselines/promote.ts';
import { setBaseline } from '../server/baselines/set.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { policyInputFields } from './baselinePolicy.ts';
import { builder } from './builder.ts';
import { idOf } from './evaluations.ts';
import { Split } from './split.ts';

const NAME = '1–128 characters. A name that exists gets a new revision.';
const NOTE = 'Why, at most 1,000 characters.';

const SetBaselineInput = builder.inputType('SetBaselineInput', {
  description: 'What to pin, and how much a candidate may lose.',
  fields: (t) => ({
    name: t.string({ required: true, description: NAME }),
    evaluationId: t.id({ required: true, description: 'The `id` of a completed evaluation.' }),
    note: t.string({ description: NOTE }),
    ...policyInputFields(t),
  }),
});

const PromoteBestRunInput = builder.inputType('PromoteBestRunInput', {
  description: 'Where to look for the best run, and how much a candidate may lose.',
  fields: (t) => ({
    name: t.string({ required: true, description: NAME }),
    evaluationSetKey: t.string({ description: 'The evaluation set, by key.' }),
    datasetKey: t.string({ description: 'The dataset, by key, instead of an evaluation set.' }),
    split: t.field({ type: Split, description: 'The side of the dataset; TEST when not given.' }),
    judge: t.string({
      description:
        '`name` for its newest version, or `name@version`; answer_correctness if absent.',
    }),
    note: t.string({ description: NOTE }),
    ...policyInputFields(t),
  }),
});

const baselinePayload = (name: string) =>
  builder.objectRef<{ id: string }>(name).implement({
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

const SetBaselinePayload = baselinePayload('SetBaselinePayload');
const PromoteBestRunPayload = baselinePayload('PromoteBestRunPayload');

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

builder.prismaObjectFields('Evaluation', (t) => ({
  viewerCanPin: t.boolean({
    description: 'Whether you may make it a baseline now.',
    select: { status: true },
    resolve: ({ status }, _args, { actor }) =>
      actor.scopes.has('EVALUATIONS_WRITE') && status === 'COMPLETED',
  }),
}));

builder.prismaObjectFields('Baseline', (t) => ({
  viewerCanCheck: t.boolean({
    description: 'Whether you may check against it: it is the current revision, too.',
    resolve: async ({ name, revision }, _args, { app, actor }) =>
      actor.scopes.has('EVALUATIONS_WRITE') && (await isCurrent(app, { name, revision })),
  }),
}));

builder.mutationFields((t) => ({
  setBaseline: t.field({
    type: SetBaselinePayload,
    description: 'Pins a completed evaluation under a name.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    args: { input: t.arg({ type: SetBaselineInput, required: true, description: 'What to pin.' }) },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What setBaseline answers.' },
    },
    resolve: (_root, { input }, { app, actor }) => {
      const evaluationId = idOf('Evaluation', input.evaluationId);
      return setBaseline(app, { ...input, evaluationId }, actor.name);
    },
  }),
  promoteBestRun: t.field({
    type: PromoteBestRunPayload,
    description:
      'Pins the best completed evaluation of a target by a judge under a name; of equal ones the ' +
      'earliest.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
    args: {
      input: t.arg({ type: PromoteBestRunInput, required: true, description: 'Where to look.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What promoteBestRun answers.' },
    },
    resolve: (_root, { input }, { app, actor }) => promoteBestRun(app, input, actor.name),
  }),
  checkRegression: t.field({
    type: CheckRegressionPayload,
    description: 'Compares a run or an evaluation with a baseline and stores the verdict.',
    authScopes: { scope: 'EVALUATIONS_WRITE' },
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
