import { type HealthPart as HealthPartShape, readHealth, VERSION } from '../server/health.ts';
import { overview } from '../server/overview.ts';
import { builder } from './builder.ts';

const HealthPart = builder.objectRef<HealthPartShape>('HealthPart').implement({
  description: 'One part of the system.',
  fields: (t) => ({
    name: t.exposeString('name', { description: '`database`, `migrations`, `queue`, `runners`.' }),
    ok: t.exposeBoolean('ok', { description: 'Whether it works.' }),
    message: t.exposeString('message', { description: 'Its state in a sentence.' }),
  }),
});

const Health = builder.objectRef<HealthPartShape[]>('Health').implement({
  description: 'Whether the system works.',
  fields: (t) => ({
    ok: t.boolean({
      description: 'Whether every part that the API needs works.',
      resolve: (parts) => parts.every((part) => part.ok || !part.required),
    }),
    version: t.string({ description: 'Version of Tunix RT.', resolve: () => VERSION }),
    parts: t.field({
      type: [HealthPart],
      description: 'Each part.',
      resolve: (parts) => parts,
    }),
  }),
});

const Overview = builder.objectRef<Awaited<ReturnType<typeof overview>>>('Overview');

Overview.implement({
  description: 'The loop at a glance.',
  fields: (t) => ({
    traceCount: t.exposeInt('traceCount', { description: 'Traces stored.' }),
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
  }),
});

builder.queryFields((t) => ({
  health: t.field({
    type: Health,
    description: 'Whether the system works.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => readHealth(app),
  }),
  overview: t.field({
    type: Overview,
    description: 'The loop at a glance.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => overview(app.sql),
  }),
}));
