import { backtestBaseline, type BacktestRow as Row } from '../server/baselines/backtest.ts';
import { policyInputFields } from './baselinePolicy.ts';
import { builder } from './builder.ts';
import { CheckOutcome, Verdict } from './checks.ts';
import { idOf } from './evaluations.ts';

const BacktestBaselineInput = builder.inputType('BacktestBaselineInput', {
  description:
    'A policy to try out. What is left out is as in the named baseline, or without one the default.',
  fields: (t) => ({
    baseline: t.string({ description: 'The name of a baseline to start from.' }),
    evaluationId: t.id({
      description: 'The `id` of the evaluation to compare with, instead of the pinned one.',
    }),
    ...policyInputFields(t),
  }),
});

const BacktestRow = builder.objectRef<Row>('BacktestRow').implement({
  description: 'What a policy would have made of one evaluation.',
  fields: (t) => ({
    evaluation: t.prismaField({
      type: 'Evaluation',
      description: 'The evaluation.',
      resolve: (query, { evaluationId }, _args, { app }) =>
        app.db.evaluation.findUniqueOrThrow({ ...query, where: { id: evaluationId } }),
    }),
    verdict: t.expose('verdict', { type: Verdict, description: 'What a check would find.' }),
    outcome: t.expose('outcome', { type: CheckOutcome, description: 'What a gate would do.' }),
    reasons: t.exposeStringList('reasons', { description: 'Why, in sentences.' }),
    test: t.exposeString('test', { description: 'The rule that decides, as of a check.' }),
    baselineValue: t.exposeFloat('baselineValue', {
      nullable: true,
      description: 'The metric of the baseline.',
    }),
    candidateValue: t.exposeFloat('candidateValue', {
      nullable: true,
      description: 'The metric of the evaluation.',
    }),
    delta: t.exposeFloat('delta', { nullable: true, description: 'The difference of the two.' }),
    deltaPercent: t.exposeFloat('deltaPercent', {
      nullable: true,
      description: 'The same in percent, as of a check.',
    }),
    itemCount: t.exposeInt('itemCount', { nullable: true, description: 'Paired items.' }),
    pValue: t.exposeFloat('pValue', { nullable: true, description: 'As of a check.' }),
  }),
});

builder.queryFields((t) => ({
  backtestBaseline: t.field({
    type: [BacktestRow],
    description:
      'What a policy would have made of the last evaluations with the target and judge of the ' +
      'pinned one, newest first. Nothing is stored.',
    authScopes: { scope: 'READ' },
    args: {
      input: t.arg({
        type: BacktestBaselineInput,
        required: true,
        description: 'The policy to try.',
      }),
      last: t.arg.int({ defaultValue: 20, description: 'How many evaluations: 1–100.' }),
    },
    complexity: ({ last }) => ({ field: 10, multiplier: (last ?? 20) / 10 }),
    resolve: (_root, { input, last }, { app }) =>
      backtestBaseline(
        app,
        { ...input, evaluationId: input.evaluationId && idOf('Evaluation', input.evaluationId) },
        last ?? 20,
      ),
  }),
}));
