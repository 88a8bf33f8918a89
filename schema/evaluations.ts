import { NotFoundError } from '../server/errors.ts';
import { itemsWhere } from '../server/evaluations/itemsFilter.ts';
import type { Usage } from '../server/evaluations/judges/judge.ts';
import { describeJudge } from '../server/evaluations/judges/registry.ts';
import { slicesOf } from '../server/evaluations/measure.ts';
import { metricOf } from '../server/evaluations/model.ts';
import { statusesToBe } from '../server/evaluations/progress.ts';
import { wilsonInterval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';
import { ConfidenceInterval } from './confidenceInterval.ts';
import { ItemOutcome } from './evaluationItems.ts';
import { idOrNone, localId } from './ids.ts';
import { Judge } from './judges.ts';
import { onItems } from './paging.ts';
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
  select: { id: true },
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
      resolve: ({ status }, _args, { actor }) =>
        actor.scopes.has('EVALUATIONS_WRITE') && statusesToBe('cancelled').includes(status),
    }),
    viewerCanResume: t.boolean({
      description: 'Whether you may resume it now.',
      select: { status: true },
      resolve: ({ status }, _args, { actor }) =>
        actor.scopes.has('EVALUATIONS_WRITE') && statusesToBe('resumed').includes(status),
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
    authScopes: { scope: 'READ' },
    args: { id: t.arg.id({ required: true, description: 'The `id` of an evaluation.' }) },
    resolve: (query, _root, args, { app }) =>
      app.db.evaluation.findUnique({
        ...query,
        where: { id: idOrNone('Evaluation', args.id) },
      }),
  }),
}));
