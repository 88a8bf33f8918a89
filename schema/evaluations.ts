import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { requestEvaluation } from '../server/evaluations/evaluate.ts';
import { describeJudge, judgeRef, listJudges } from '../server/evaluations/judges/registry.ts';
import { slicesOf } from '../server/evaluations/measure.ts';
import { metricOf } from '../server/evaluations/model.ts';
import { wilsonInterval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import {
  ConfidenceInterval,
  LeaderboardConnection,
  LeaderboardFilter,
  leaderboardPage,
} from './leaderboard.ts';
import { costOfPage, onItems } from './paging.ts';
import { SliceScoreType } from './sliceScores.ts';
import { Split } from './split.ts';

const EvaluationStatus = builder.enumType('EvaluationStatus', {
  description: 'Where an evaluation stands. COMPLETED and FAILED are final.',
  values: {
    PENDING: { description: 'Waits for a worker.' },
    RUNNING: { description: 'The judge is at work.' },
    COMPLETED: { description: 'Every item has been judged.' },
    FAILED: { description: 'It could not be completed; see `error`.' },
    CANCELLED: { description: 'Someone stopped it; what was judged stays.' },
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

builder.prismaNode('Evaluation', {
  id: { field: 'id' },
  nullable: true,
  description:
    "One judge version applied to one run's predictions on one side of its dataset, or on an " +
    'evaluation set. Never overwritten.',
  fields: (t) => ({
    run: t.relation('run', { description: 'The run whose predictions are judged.' }),
    dataset: t.relation('dataset', {
      nullable: true,
      description:
        'The dataset of the run; the items are of it unless there is an evaluation set. Null for a ' +
        'set alone.',
    }),
    split: t.expose('split', {
      type: Split,
      nullable: true,
      description: 'The side the items stand on; null for those of an evaluation set.',
    }),
    evaluationSet: t.relation('evaluationSet', {
      nullable: true,
      description: 'The set the items are of; null for a side of the dataset.',
    }),
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
      description: 'Items that were judged; null until it is completed.',
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
    sections: t.field({
      type: [SliceScoreType],
      description:
        'How each section, category and difficulty of the evaluation set went; empty for a side of ' +
        'a dataset, and until it is completed.',
      select: { metrics: true },
      resolve: ({ metrics }) => slicesOf(metrics),
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
      description: 'What the judge said, item by item, in their order.',
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
    split: t.field({
      type: Split,
      description:
        "A side of the dataset. Without it and evaluationSetKey the run's evaluation set, or TEST.",
    }),
    evaluationSetKey: t.string({
      description: 'The evaluation set of the run, by key, instead of a split.',
    }),
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
      'Runs by their newest completed evaluation, best first. What differs in evaluation set (or ' +
      'dataset and split), judge or version is ranked apart and follows one after the other, ' +
      'newest set or dataset first.',
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
