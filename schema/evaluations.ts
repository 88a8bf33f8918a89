import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { requestEvaluation } from '../server/evaluations/evaluate.ts';
import { describeJudge, judgeRef, listJudges } from '../server/evaluations/judges/registry.ts';
import { metricOf } from '../server/evaluations/model.ts';
import { wilsonInterval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';
import { Split } from './datasets.ts';
import { localId } from './ids.ts';
import {
  ConfidenceInterval,
  LeaderboardConnection,
  LeaderboardFilter,
  leaderboardPage,
} from './leaderboard.ts';
import { costOfPage, onItems } from './paging.ts';

const EvaluationStatus = builder.enumType('EvaluationStatus', {
  description: 'Where an evaluation stands. COMPLETED and FAILED are final.',
  values: {
    PENDING: { description: 'Waits for a worker.' },
    RUNNING: { description: 'The judge is at work.' },
    COMPLETED: { description: 'Every item of the split has been judged.' },
    FAILED: { description: 'It could not be completed; see `error`.' },
  } as const,
});

const Judge = builder
  .objectRef<{ name: string; version: number; description: string }>('Judge')
  .implement({
    description: 'A named, versioned scorer of predictions. What it says never changes.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'For example `answer_correctness`.' }),
      version: t.exposeInt('version', {
        description: 'Rises when the judge would say something else of any text.',
      }),
      description: t.exposeString('description', { description: 'How it decides.' }),
      ref: t.string({
        description: '`name@version`, which names one judge for ever.',
        resolve: (judge) => judgeRef(judge),
      }),
    }),
  });

builder.prismaObject('EvaluationItem', {
  description: 'What the judge said of one held-out item.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Order in the dataset, from 0.' }),
    correct: t.exposeBoolean('correct', { description: 'Whether the answer is right.' }),
    score: t.exposeFloat('score', { description: '0–1.' }),
    expected: t.exposeString('expected', { description: 'The final answer of the trace.' }),
    extracted: t.exposeString('extracted', {
      nullable: true,
      description: 'The answer found in the generated text; null when none was found.',
    }),
    rule: t.exposeString('rule', {
      description:
        'How the answer was found and how it matched: `TEMPLATE:NUMBER`, `BOXED:DIFFERENT`, ' +
        '`NONE_FOUND`, `NO_PREDICTION`, `NOT_GENERATED`.',
    }),
    trace: t.relation('trace', { description: 'The held-out trace.' }),
    prediction: t.relation('prediction', {
      nullable: true,
      description: 'What the model wrote; null when there is no prediction, which counts as wrong.',
    }),
  }),
});

builder.prismaNode('Evaluation', {
  id: { field: 'id' },
  nullable: true,
  description:
    "One judge version applied to one run's predictions on one split. Never overwritten.",
  fields: (t) => ({
    run: t.relation('run', { description: 'The run whose predictions are judged.' }),
    dataset: t.relation('dataset', { description: 'The dataset the items are of.' }),
    split: t.expose('split', { type: Split, description: 'The side the items stand on.' }),
    judge: t.field({
      type: Judge,
      description: 'Who judged.',
      select: { judge: true, judgeVersion: true },
      resolve: ({ judge, judgeVersion }) => describeJudge(judge, judgeVersion),
    }),
    status: t.expose('status', { type: EvaluationStatus, description: 'Where it stands.' }),
    score: t.exposeFloat('score', {
      nullable: true,
      description: '0–100; null until it is completed.',
    }),
    primaryScore: t.float({
      nullable: true,
      description: 'The same, 0–1; null until it is completed.',
      select: { metrics: true },
      resolve: ({ metrics }) => metricOf(metrics, 'primary_score'),
    }),
    itemCount: t.exposeInt('itemCount', {
      nullable: true,
      description: 'Items of the split; null until it is completed.',
    }),
    correctCount: t.exposeInt('correctCount', {
      nullable: true,
      description: 'Items that are right; null until it is completed.',
    }),
    accuracyInterval: t.field({
      type: ConfidenceInterval,
      nullable: true,
      description: 'Wilson 95 % interval of the share of right items, 0–1; null until completed.',
      select: { correctCount: true, itemCount: true },
      resolve: ({ correctCount, itemCount }) => wilsonInterval(correctCount ?? 0, itemCount ?? 0),
    }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      description: 'Named numbers: `{"score": 40, "accuracy": 0.4, "answered": 3, …}`.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed, a sentence.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed or failed.',
    }),
    items: t.relatedConnection('items', {
      cursor: 'evaluationId_position',
      description: 'What the judge said, item by item, in dataset order.',
      totalCount: true,
      args: { correct: t.arg.boolean({ description: 'Only the right ones, or only the wrong.' }) },
      complexity: onItems,
      query: ({ correct }) => ({
        ...(typeof correct === 'boolean' && { where: { correct } }),
        orderBy: { position: 'asc' },
      }),
    }),
  }),
});

const EvaluateRunInput = builder.inputType('EvaluateRunInput', {
  description: 'Which run to judge, and how.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a completed run.' }),
    judge: t.string({
      description:
        '`name` for its newest version, or `name@version`; answer_correctness if absent.',
    }),
    split: t.field({ type: Split, description: 'TEST when not given.' }),
  }),
});

const EvaluateRunPayload = builder.objectRef<{ id: string }>('EvaluateRunPayload').implement({
  description: 'The evaluation that was asked for; it is pending.',
  fields: (t) => ({
    evaluation: t.prismaField({
      type: 'Evaluation',
      description: 'The evaluation.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.evaluation.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

/**
 * The uuid in an id of an input.
 * @throws NotFoundError when it is the id of something else, or of nothing.
 */
export function idOf(typename: string, id: string): string {
  const uuid = localId(typename, id);
  if (uuid) return uuid;
  throw new NotFoundError(typename, `This is not the id of a ${typename}. Copy its \`id\`.`);
}

/** No row has this id. Pothos takes it for a mistake when a resolver does not use its `query`. */
const NOTHING = '00000000-0000-0000-0000-000000000000';

builder.queryFields((t) => ({
  evaluation: t.prismaField({
    type: 'Evaluation',
    nullable: true,
    description: 'An evaluation by id; null when there is none.',
    authScopes: { read: true },
    args: { id: t.arg.id({ required: true, description: 'The `id` of an evaluation.' }) },
    resolve: (query, _root, args, { app }) =>
      app.db.evaluation.findUnique({
        ...query,
        where: { id: localId('Evaluation', args.id) ?? NOTHING },
      }),
  }),
  judges: t.field({
    type: [Judge],
    description: 'Every judge that can be asked for.',
    authScopes: { read: true },
    resolve: () => [...listJudges()],
  }),
  leaderboard: t.field({
    type: LeaderboardConnection,
    description:
      'Runs by their newest completed evaluation, best first. What differs in dataset, split, ' +
      'judge or version is ranked apart and follows one after the other, newest dataset first.',
    authScopes: { read: true },
    complexity: costOfPage,
    args: {
      filter: t.arg({ type: LeaderboardFilter, description: 'Which ones; all without it.' }),
      metric: t.arg.string({
        description: '`score` when not given, or `primary_score` or `accuracy`.',
      }),
      first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
      after: t.arg.string({ description: 'Only what follows this cursor.' }),
    },
    resolve: (_root, args, { app }) => leaderboardPage(app, args),
  }),
}));

builder.mutationFields((t) => ({
  evaluateRun: t.field({
    type: EvaluateRunPayload,
    description: 'Judges the stored predictions of a run once more. Earlier evaluations stay.',
    authScopes: { write: true },
    args: {
      input: t.arg({ type: EvaluateRunInput, required: true, description: 'Which run, and how.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What evaluateRun answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      requestEvaluation(app, { ...input, runId: idOf('Run', input.runId) }),
  }),
}));
