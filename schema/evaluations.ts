import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { cancelEvaluation, resumeEvaluation } from '../server/evaluations/cancel.ts';
import { requestEvaluation } from '../server/evaluations/evaluate.ts';
import { itemsWhere } from '../server/evaluations/itemsFilter.ts';
import type { Usage } from '../server/evaluations/judges/judge.ts';
import { describeJudge } from '../server/evaluations/judges/registry.ts';
import { slicesOf } from '../server/evaluations/measure.ts';
import { metricOf } from '../server/evaluations/model.ts';
import { followEvaluation, statusesToBe } from '../server/evaluations/progress.ts';
import { wilsonInterval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';
import { ItemOutcome } from './evaluationItems.ts';
import { idOrNone, localId } from './ids.ts';
import { Judge } from './judges.ts';
import {
  ConfidenceInterval,
  LeaderboardConnection,
  LeaderboardFilter,
  leaderboardPage,
} from './leaderboard.ts';
import { costOfPage, onItems } from './paging.ts';
import { nothing } from './phases.ts';
import { SliceScoreType } from './sliceScores.ts';
import { Split } from './split.ts';

const EvaluationStatus = builder.enumType('EvaluationStatus', {
  description:
    'Where an evaluation stands. COMPLETED is final; FAILED and CANCELLED until it is resumed.',
  values: {
    PENDING: { description: 'Waits for a worker.' },
    RUNNING: { description: 'The judge is at work.' },
    COMPLETED: { description: 'Every item has been judged.' },
    FAILED: { description: 'It could not be completed; see `error`.' },
    CANCELLED: { description: 'Someone stopped it; what was judged stays.' },
  } as const,
});

const JudgeUsage = builder.objectRef<Partial<Usage>>('JudgeUsage').implement({
  description: 'What asking a language model took, with every further try. Zero for other judges.',
  fields: (t) => ({
    requests: t.int({ description: 'Requests.', resolve: ({ requests }) => requests ?? 0 }),
    promptTokens: t.int({
      description: 'Tokens of the prompts, as far as the endpoint tells.',
      resolve: ({ promptTokens }) => promptTokens ?? 0,
    }),
    completionTokens: t.int({
      description: 'Tokens of the replies, as far as the endpoint tells.',
      resolve: ({ completionTokens }) => completionTokens ?? 0,
    }),
  }),
});

const EvaluationItemFilter = builder.inputType('EvaluationItemFilter', {
  description: 'Which items; every given condition must hold.',
  fields: (t) => ({
    outcome: t.field({ type: [ItemOutcome], description: 'One of these.' }),
    text: t.string({
      description: 'Stands, in any case, in the prompt, an answer or what was generated.',
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
      description: 'Items of the target; null before a runner took it up.',
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
      resolve: ({ correctCount, itemCount }) =>
        correctCount === null ? null : wilsonInterval(correctCount, itemCount ?? 0),
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
    step: t.exposeInt('step', {
      description: 'The training step of the judged predictions; 0 for those of the final model.',
    }),
    judgedCount: t.exposeInt('judgedCount', {
      description: 'Items that are done so far, those that could not be judged among them.',
    }),
    failedCount: t.exposeInt('failedCount', {
      description: 'Items that could not be judged; see their `error`.',
    }),
    usage: t.field({
      type: JudgeUsage,
      description: 'What it took so far, over all its tries.',
      select: { usage: true },
      resolve: ({ usage }) => usage as Partial<Usage>,
    }),
    settings: t.expose('settings', {
      type: 'JSON',
      description:
        'What the judge was set up with: `{"endpoint": …, "model": …, "promptHash": …}` for one that ' +
        'asks a language model, `{}` for others.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed or stopped, a sentence.',
    }),
    viewerCanCancel: t.boolean({
      description: 'Whether you may cancel it now.',
      select: { status: true },
      resolve: ({ status }, _args, { viewer }) =>
        viewer.scopes.includes('write') && statusesToBe('cancelled').includes(status),
    }),
    viewerCanResume: t.boolean({
      description: 'Whether you may resume it now.',
      select: { status: true },
      resolve: ({ status }, _args, { viewer }) =>
        viewer.scopes.includes('write') && statusesToBe('resumed').includes(status),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed, failed or was cancelled.',
    }),
    items: t.relatedConnection('items', {
      cursor: 'evaluationId_position',
      description: 'What the judge said, item by item, in their order.',
      totalCount: true,
      args: {
        filter: t.arg({ type: EvaluationItemFilter, description: 'Which ones; all without it.' }),
      },
      complexity: onItems,
      query: ({ filter }) => ({ where: itemsWhere(filter), orderBy: { position: 'asc' } }),
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
    endpoint: t.string({
      description:
        'For a judge that needs one: one of `judgeEndpoints`, by name. The only one if absent.',
    }),
    step: t.int({
      description:
        'Judges the predictions of the checkpoint of this training step; 0, the final model, if absent.',
    }),
  }),
});

const payload = (name: string, description: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    description,
    fields: (t) => ({
      evaluation: t.prismaField({
        type: 'Evaluation',
        description: 'The evaluation.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.evaluation.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

const EvaluateRunPayload = payload(
  'EvaluateRunPayload',
  'The evaluation that was asked for; it is pending.',
);
const CancelEvaluationPayload = payload(
  'CancelEvaluationPayload',
  'The evaluation, which is cancelled.',
);
const ResumeEvaluationPayload = payload(
  'ResumeEvaluationPayload',
  'The evaluation, which is pending again.',
);

const CancelEvaluationInput = builder.inputType('CancelEvaluationInput', {
  description: 'Which evaluation to stop.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of an evaluation.' }) }),
});

const ResumeEvaluationInput = builder.inputType('ResumeEvaluationInput', {
  description: 'Which evaluation to go on with.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of an evaluation.' }) }),
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
        where: { id: idOrNone('Evaluation', args.id) },
      }),
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
  cancelEvaluation: t.field({
    type: CancelEvaluationPayload,
    description: 'Stops an evaluation that waits or runs. What was judged stays.',
    authScopes: { write: true },
    args: {
      input: t.arg({ type: CancelEvaluationInput, required: true, description: 'Which one.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What cancelEvaluation answers.' },
    },
    resolve: (_root, { input }, { app }) => cancelEvaluation(app, idOf('Evaluation', input.id)),
  }),
  resumeEvaluation: t.field({
    type: ResumeEvaluationPayload,
    description:
      'Goes on with an evaluation that failed or was cancelled. Only items that are missing or could ' +
      'not be judged are judged again.',
    authScopes: { write: true },
    args: {
      input: t.arg({ type: ResumeEvaluationInput, required: true, description: 'Which one.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What resumeEvaluation answers.' },
    },
    resolve: (_root, { input }, { app }) => resumeEvaluation(app, idOf('Evaluation', input.id)),
  }),
}));

builder.subscriptionFields((t) => ({
  evaluationChanged: t.prismaField({
    type: 'Evaluation',
    description:
      'The evaluation now, then at each change of its status and counts. Ends by itself when it is ' +
      'completed, failed or cancelled.',
    authScopes: { read: true },
    args: { id: t.arg.id({ required: true, description: 'The `id` of an evaluation.' }) },
    subscribe: (_root, args, { app }) => {
      const id = localId('Evaluation', args.id);
      return id ? followEvaluation(app, id) : nothing<{ id: string }>();
    },
    resolve: (query, { id }: { id: string }, _args, { app }) =>
      app.db.evaluation.findUniqueOrThrow({ ...query, where: { id } }),
  }),
}));
