import { readPresence, recentRunIds } from '../server/runners/read.ts';
import type { RunnerRuntime } from '../server/runners/register.ts';
import type { Resources } from '../server/runners/resources.ts';
import { tunixStatus } from '../server/runners/status.ts';
import { listModels } from '../server/tunix/models.ts';
import { builder } from './builder.ts';
import { inOrder } from './queues.ts';

const Device = builder.objectRef<RunnerRuntime['devices'][number]>('Device').implement({
  description: 'A device JAX computes on.',
  fields: (t) => ({
    kind: t.exposeString('kind', { description: 'What it is, as JAX names it.' }),
    platform: t.exposeString('platform', { description: '`cpu`, `gpu` or `tpu`.' }),
    id: t.exposeInt('id', { description: 'Its number in the process.' }),
    memoryBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Memory of its own, as far as JAX may take it; null for a processor.',
      resolve: ({ memoryBytes }) => memoryBytes ?? null,
    }),
  }),
});

/** Empty for a runner of an older version. */
const resourcesOf = (runner: { resources: unknown }) => runner.resources as Partial<Resources>;

const runtimeOf = (runner: { runtime: unknown }) => runner.runtime as RunnerRuntime;

builder.prismaNode('Runner', {
  id: { field: 'id' },
  nullable: true,
  description: 'A process that takes runs from the queue and executes Tunix.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What its operator calls it.' }),
    host: t.exposeString('host', { description: 'The machine it runs on.' }),
    labels: t.exposeStringList('labels', {
      description: 'What it offers to runs that require it; `gpu` is there when it has one.',
    }),
    online: t.boolean({
      description: 'Whether it was heard of in the last 15 seconds and has not stopped.',
      select: { id: true },
      resolve: async ({ id }, _args, { app }) => (await readPresence(app.sql, id)).online,
    }),
    stoppedAt: t.expose('stoppedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it said goodbye; null while it is there, and where it went without a word.',
    }),
    slots: t.exposeInt('slots', { description: 'How many runs it executes side by side.' }),
    draining: t.boolean({
      description: 'Whether it finishes what it has and takes no more runs.',
      select: { drainingAt: true },
      resolve: ({ drainingAt }) => drainingAt !== null,
    }),
    drainingAt: t.expose('drainingAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when; null while it takes runs.',
    }),
    serverVersion: t.exposeString('version', {
      nullable: true,
      description: 'Version of Tunix RT it runs.',
    }),
    cpus: t.int({
      nullable: true,
      description: 'Processors it may use.',
      select: { resources: true },
      resolve: (runner) => resourcesOf(runner).cpus,
    }),
    memoryBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Memory it may use: less than the machine has inside a container.',
      select: { resources: true },
      resolve: (runner) => resourcesOf(runner).memoryBytes,
    }),
    memoryFreeBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'What of it was free at its last heartbeat.',
      select: { resources: true },
      resolve: (runner) => resourcesOf(runner).memoryFreeBytes,
    }),
    diskFreeBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Free for it on the disk of its DATA_DIR at its last heartbeat.',
      select: { resources: true },
      resolve: (runner) => resourcesOf(runner).diskFreeBytes,
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
    heartbeatAgeSeconds: t.float({
      description: "How long ago it was last heard of, by the database's clock.",
      select: { id: true },
      resolve: async ({ id }, _args, { app }) => (await readPresence(app.sql, id)).ageSeconds,
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
    currentRuns: t.prismaField({
      type: ['Run'],
      description: 'The runs it has, by number.',
      select: { id: true },
      resolve: (query, { id }, _args, { app }) =>
        app.db.run.findMany({
          ...query,
          where: { status: 'RUNNING', attempts: { some: { runnerId: id, status: 'RUNNING' } } },
          orderBy: { number: 'asc' },
        }),
    }),
    recentRuns: t.prismaField({
      type: ['Run'],
      description: 'The last 10 runs it had, the last first.',
      select: { id: true },
      resolve: async (query, { id }, _args, { app }) => {
        const ids = await recentRunIds(app.sql, id);
        const runs = await app.db.run.findMany({ ...query, where: { id: { in: ids } } });
        return inOrder(runs, ids);
      },
    }),
    viewerCanDrain: t.boolean({
      description: 'Whether you may let it drain, or take runs again, now.',
      select: { stoppedAt: true },
      resolve: ({ stoppedAt }, _args, { actor }) =>
        actor.scopes.has('RUNNERS_WRITE') && stoppedAt === null,
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
    authScopes: { scope: 'READ' },
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
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => tunixStatus(app),
  }),
  models: t.field({
    type: [BaseModel],
    description:
      'The built-in model, every model folder of MODELS_DIR, and the hub models Tunix supports.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => listModels(app.config),
  }),
}));
