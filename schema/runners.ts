import { onlineRunnerIds } from '../server/runners/read.ts';
import type { RunnerRuntime } from '../server/runners/register.ts';
import { tunixStatus } from '../server/runners/status.ts';
import { listModels } from '../server/tunix/models.ts';
import { builder } from './builder.ts';

const Device = builder.objectRef<RunnerRuntime['devices'][number]>('Device').implement({
  description: 'A device JAX computes on.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'What it is, as JAX names it.' }),
    platform: t.exposeString('platform', { description: '`cpu`, `gpu` or `tpu`.' }),
    id: t.exposeInt('id', { description: 'Its number in the process.' }),
  }),
});

const runtimeOf = (runner: { runtime: unknown }) => runner.runtime as RunnerRuntime;

builder.prismaNode('Runner', {
  id: { field: 'id' },
  nullable: true,
  description: 'A process that takes runs from the queue and executes Tunix.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What its operator calls it.' }),
    host: t.exposeString('host', { description: 'The machine it runs on.' }),
    labels: t.exposeStringList('labels', { description: 'What it offers: `cpu`, `gpu`, …' }),
    online: t.boolean({
      description: 'Whether it was heard of in the last 20 seconds.',
      select: { id: true },
      resolve: async ({ id }, _args, { app }) => (await onlineRunnerIds(app.sql)).has(id),
    }),
    ready: t.boolean({
      description: 'Whether it can execute LOCAL runs.',
      select: { runtime: true },
      resolve: (runner) => runtimeOf(runner).ready,
    }),
    message: t.string({
      nullable: true,
      description: 'The state of its Python side, with the remedy when it is not ready.',
      select: { runtime: true },
      resolve: (runner) => runtimeOf(runner).message,
    }),
    version: t.string({
      nullable: true,
      description: 'Version of Tunix; null before its environment is made.',
      select: { runtime: true },
      resolve: (runner) => runtimeOf(runner).tunix,
    }),
    devices: t.field({
      type: [Device],
      description: 'What it computes on; empty before its environment is made.',
      select: { runtime: true },
      resolve: (runner) => runtimeOf(runner).devices,
    }),
    heartbeatAt: t.expose('heartbeatAt', {
      type: 'DateTime',
      description: 'When it was last heard of.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
    currentRun: t.prismaField({
      type: 'Run',
      nullable: true,
      description: 'The run it has.',
      select: { id: true },
      resolve: async (query, { id }, _args, { app }) => {
        const where = {
          status: 'RUNNING' as const,
          attempts: { some: { runnerId: id, status: 'RUNNING' as const } },
        };
        return app.db.run.findFirst({ ...query, where });
      },
    }),
  }),
});

const TunixStatus = builder.objectRef<Awaited<ReturnType<typeof tunixStatus>>>('TunixStatus');

TunixStatus.implement({
  description: 'Whether Tunix can be executed, and with what.',
  fields: (t) => ({
    available: t.exposeBoolean('available', {
      description: 'Whether some runner that is online can execute LOCAL runs.',
    }),
    version: t.exposeString('version', { nullable: true, description: 'Version of Tunix.' }),
    pythonVersion: t.exposeString('pythonVersion', {
      nullable: true,
      description: 'Version of Python.',
    }),
    devices: t.field({
      type: [Device],
      description: 'What it computes on.',
      resolve: ({ devices }) => devices,
    }),
    message: t.exposeString('message', { description: 'The state in a sentence.' }),
  }),
});

const BaseModel = builder.objectRef<Awaited<ReturnType<typeof listModels>>[number]>('BaseModel');

BaseModel.implement({
  description: 'A model a run can start from.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Its name, for `modelId`.' }),
    family: t.exposeString('family', { description: 'Its architecture.' }),
    description: t.exposeString('description', { description: 'What it is.' }),
    builtIn: t.boolean({
      description: 'Whether it is made on the spot.',
      resolve: ({ source }) => source === 'BUILT_IN',
    }),
  }),
});

builder.queryFields((t) => ({
  runners: t.prismaField({
    type: ['Runner'],
    description: 'Runners that have not stopped in order, the last heard of first, at most 100.',
    authScopes: { read: true },
    resolve: (query, _root, _args, { app }) =>
      app.db.runner.findMany({
        ...query,
        where: {
          stoppedAt: null,
          heartbeatAt: { gt: new Date(Date.now() - 24 * 60 * 60 * 1000) },
        },
        orderBy: [{ heartbeatAt: 'desc' }, { id: 'desc' }],
        take: 100,
      }),
  }),
  tunixStatus: t.field({
    type: TunixStatus,
    description: 'Whether Tunix can be executed.',
    authScopes: { read: true },
    resolve: (_root, _args, { app }) => tunixStatus(app),
  }),
  models: t.field({
    type: [BaseModel],
    description:
      'The built-in model, every model folder of MODELS_DIR, and the hub models Tunix supports.',
    authScopes: { read: true },
    resolve: (_root, _args, { app }) => listModels(app.config),
  }),
}));
