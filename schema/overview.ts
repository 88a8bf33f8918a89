import {
  COUNTED,
  countTraces,
  type FailureGroup as FailureGroupShape,
  findOpenChecks,
  findStuck,
  followLoop,
  groupFailures,
  type Overview as OverviewShape,
  overview,
  type Stuck as StuckShape,
} from '../server/overview.ts';
import { titleOf } from '../server/runs/failures/failureAdvice.ts';
import { FAILURE_CODES } from '../server/runs/failures/failureRules.ts';
import { builder } from './builder.ts';
import { FailureCode } from './runFailures.ts';

const knownCode = (code: string) => FAILURE_CODES.find((known) => known === code) ?? 'UNKNOWN';

const LoopStuck = builder.objectRef<StuckShape>('LoopStuck').implement({
  description: `What one stage of the loop has and the next lacks. Counts end at ${COUNTED}.`,
  fields: (t) => ({
    newTraceCount: t.exposeInt('newTraceCount', {
      description: 'Traces that came after the newest dataset.',
    }),
    untrainedDataset: t.prismaField({
      type: 'Dataset',
      nullable: true,
      description: 'The newest dataset, when no run was made on it.',
      resolve: (query, { untrainedDatasetId: id }, _args, { app }) =>
        id === null ? null : app.db.dataset.findUnique({ ...query, where: { id } }),
    }),
    unevaluatedRunCount: t.exposeInt('unevaluatedRunCount', {
      description: 'Completed runs, dry ones aside, that nobody judged.',
    }),
    unevaluatedRun: t.prismaField({
      type: 'Run',
      nullable: true,
      description: 'The newest of them.',
      resolve: (query, { unevaluatedRunId: id }, _args, { app }) =>
        id === null ? null : app.db.run.findUnique({ ...query, where: { id } }),
    }),
    uncheckedEvaluationCount: t.exposeInt('uncheckedEvaluationCount', {
      description: 'Evaluations completed after the last check and pinned by no baseline.',
    }),
  }),
});

const FailureGroup = builder.objectRef<FailureGroupShape>('FailureGroup').implement({
  description: 'Runs of the last seven days that failed in the same way.',
  fields: (t) => ({
    code: t.field({
      type: FailureCode,
      description: 'The kind of failure.',
      resolve: ({ code }) => knownCode(code),
    }),
    title: t.string({
      description: 'The kind in a few words.',
      resolve: ({ code }) => titleOf(knownCode(code)),
    }),
    count: t.exposeInt('count', { description: 'How many.' }),
    newestRun: t.prismaField({
      type: 'Run',
      description: 'The last of them.',
      resolve: (query, { newestRunId: id }, _args, { app }) =>
        app.db.run.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

const Overview = builder.objectRef<OverviewShape>('Overview').implement({
  description: 'The loop at a glance.',
  fields: (t) => ({
    traceCount: t.int({
      description: 'Traces stored.',
      resolve: (_overview, _args, { app }) => countTraces(app.sql),
    }),
    datasetCount: t.exposeInt('datasetCount', { description: 'Datasets built.' }),
    runCount: t.exposeInt('runCount', { description: 'Runs made.' }),
    runningCount: t.exposeInt('runningCount', { description: 'Runs under way.' }),
    pendingCount: t.exposeInt('pendingCount', { description: 'Runs that wait.' }),
    evaluationCount: t.exposeInt('evaluationCount', { description: 'Evaluations completed.' }),
    baselineCount: t.exposeInt('baselineCount', { description: 'Baselines by name.' }),
    checkCount: t.exposeInt('checkCount', { description: 'Checks against baselines.' }),
    lastTraceAt: t.expose('lastTraceAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the newest trace was stored.',
    }),
    lastDatasetAt: t.expose('lastDatasetAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the newest dataset was built.',
    }),
    lastRunAt: t.expose('lastRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the newest run was made.',
    }),
    lastEvaluationAt: t.expose('lastEvaluationAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the newest evaluation was asked for.',
    }),
    lastCheckAt: t.expose('lastCheckAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When an evaluation was last checked against a baseline.',
    }),
    followedFromNotebook: t.exposeBoolean('followedFromNotebook', {
      description: 'Whether the Python client has followed a run here.',
    }),
    stuck: t.field({
      type: LoopStuck,
      description: 'Where the loop waits for somebody.',
      resolve: (_overview, _args, { app }) => findStuck(app.sql),
    }),
    failureGroups: t.field({
      type: [FailureGroup],
      description: 'Failed runs of the last seven days by kind, most frequent first, at most ten.',
      resolve: (_overview, _args, { app }) => groupFailures(app.sql),
    }),
    openChecks: t.prismaField({
      type: ['Check'],
      description: 'The last check of each baseline that did not pass, newest first, at most ten.',
      resolve: async (query, _overview, _args, { app }) =>
        app.db.check.findMany({
          ...query,
          where: { id: { in: await findOpenChecks(app.sql) } },
          orderBy: { id: 'desc' },
        }),
    }),
  }),
});

builder.queryField('overview', (t) =>
  t.field({
    type: Overview,
    description: 'The loop at a glance.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => overview(app.sql),
  }),
);

builder.subscriptionField('loopChanged', (t) =>
  t.field({
    type: Overview,
    description:
      'The loop at a glance now, then after each change: something new at a stage, a run or an ' +
      'evaluation that begins or ends, the first run followed from a notebook. Ends only with you.',
    authScopes: { scope: 'READ' },
    subscribe: (_root, _args, { app }) => followLoop(app),
    resolve: (overviewNow: OverviewShape) => overviewNow,
  }),
);
