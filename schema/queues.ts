import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { pauseQueue, resumeQueue } from '../server/runs/queue/pause.ts';
import {
  type PendingReason as PendingReasonShape,
  pendingReasons,
  queuePosition,
} from '../server/runs/queue/pending.ts';
import { setRunPriority } from '../server/runs/queue/priority.ts';
import {
  offeringRunnerIds,
  type QueueState,
  readQueues,
  waitingRunIds,
} from '../server/runs/queue/queues.ts';
import { runCan } from '../server/runs/status.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { runOf } from './runs.ts';

const PendingReasonCode = builder.enumType('PendingReasonCode', {
  description: 'What a run that waits is waiting for.',
  values: {
    NO_RUNNER: { description: 'No runner is online.' },
    MISSING_LABEL: { description: 'No runner that is online offers all the labels it requires.' },
    MISSING_MODEL: { description: 'No runner that offers them has the folder of its model.' },
    NOT_READY: { description: 'The runners that offer them cannot execute LOCAL runs.' },
    QUEUE_PAUSED: { description: 'Somebody paused its queue.' },
    RUNNER_DRAINING: { description: 'The runners that could take it take no more runs.' },
    RUNNERS_BUSY: { description: 'The runners that could take it have no free slot.' },
    QUEUED_BEHIND: { description: 'Other runs that the same runners take go first.' },
    STARTING: { description: 'Nothing: a runner takes it within seconds.' },
  } satisfies Record<PendingReasonShape['code'], object>,
});

export const PendingReason = builder.objectRef<PendingReasonShape>('PendingReason').implement({
  description: 'Why a run waits.',
  fields: (t) => ({
    code: t.expose('code', { type: PendingReasonCode, description: 'For programs.' }),
    message: t.exposeString('message', {
      description: 'For people: who lacks what, who is busy with which run, and what to do.',
    }),
  }),
});

const waiting = {
  id: true,
  status: true,
  mode: true,
  priority: true,
  requiredLabels: true,
  modelId: true,
} as const;

builder.prismaObjectFields('Run', (t) => ({
  requiredLabels: t.exposeStringList('requiredLabels', {
    description: 'What a runner must offer to take it, sorted; together they name its queue.',
  }),
  retryOnFailure: t.exposeBoolean('retryOnFailure', {
    description:
      'Whether an attempt whose training failed is tried again, as one that was lost is.',
  }),
  queuePosition: t.int({
    nullable: true,
    description:
      'How many runs go first, of those the same runners take; null when it does not wait.',
    select: waiting,
    resolve: (run, _args, { app }) => queuePosition(app.sql, run),
  }),
  pendingReasons: t.field({
    type: [PendingReason],
    description: 'Why it still waits, what stands in the way first; empty when it does not wait.',
    select: waiting,
    resolve: (run, _args, { app }) => pendingReasons(app.sql, run),
  }),
  viewerCanSetPriority: t.boolean({
    description: 'Whether you may move it in its queue now.',
    select: { status: true },
    resolve: ({ status }, _args, { actor }) =>
      actor.scopes.has('RUNS_WRITE') && runCan('setPriority', status),
  }),
}));

const Queue = builder.objectRef<QueueState>('Queue').implement({
  description: 'The runs that require exactly the same labels.',
  fields: (t) => ({
    key: t.exposeString('key', {
      description: 'Its labels, joined by `,`; empty for runs that require none.',
    }),
    labels: t.exposeStringList('labels', { description: 'What its runs require, sorted.' }),
    paused: t.boolean({
      description: 'Whether its runs wait until it is resumed.',
      resolve: ({ pausedAt }) => pausedAt !== null,
    }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when; null while it is not paused.',
    }),
    pausedReason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, in the words of who paused it.',
    }),
    pendingCount: t.exposeInt('pendingCount', { description: 'Runs that wait.' }),
    runningCount: t.exposeInt('runningCount', { description: 'Runs that runners have.' }),
    viewerCanPause: t.boolean({
      description: 'Whether you may pause it, or give another reason.',
      resolve: (_queue, _args, { actor }) => actor.scopes.has('RUNNERS_WRITE'),
    }),
    viewerCanResume: t.boolean({
      description: 'Whether you may resume it: it is paused, too.',
      resolve: ({ pausedAt }, _args, { actor }) =>
        actor.scopes.has('RUNNERS_WRITE') && pausedAt !== null,
    }),
    runners: t.prismaField({
      type: ['Runner'],
      description: 'Runners that are online and offer all its labels.',
      resolve: async (query, { labels }, _args, { app }) => {
        const ids = await offeringRunnerIds(app.sql, labels);
        const runners = await app.db.runner.findMany({ ...query, where: { id: { in: ids } } });
        return inOrder(runners, ids);
      },
    }),
    runs: t.prismaField({
      type: ['Run'],
      description: 'The first 100 that wait, in the order in which they will be taken.',
      complexity: { field: 1, multiplier: 10 },
      resolve: async (query, { labels }, _args, { app }) => {
        const ids = await waitingRunIds(app.sql, labels);
        const runs = await app.db.run.findMany({ ...query, where: { id: { in: ids } } });
        return inOrder(runs, ids);
      },
    }),
  }),
});

/** Rows in the order of their ids; one that is gone is left out. */
export function inOrder<T extends { id: string }>(rows: T[], ids: readonly string[]): T[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const queueOf = (description: string) => ({
  type: Queue,
  description,
  resolve: async (
    { key }: { key: string },
    _args: object,
    { app }: typeof builder.$inferSchemaTypes.Context,
  ) => {
    const [queue] = await readQueues(app.sql, key);
    if (!queue) throw new Error('a queue that is asked for by its key is always told');
    return queue;
  },
});

const PauseQueuePayload = builder.objectRef<{ key: string }>('PauseQueuePayload').implement({
  description: 'The queue whose runs wait.',
  fields: (t) => ({ queue: t.field(queueOf('The queue.')) }),
});

const ResumeQueuePayload = builder.objectRef<{ key: string }>('ResumeQueuePayload').implement({
  description: 'The queue that goes on.',
  fields: (t) => ({ queue: t.field(queueOf('The queue.')) }),
});

const SetRunPriorityPayload = builder
  .objectRef<{ runId: string }>('SetRunPriorityPayload')
  .implement({
    description: 'The run in its new place.',
    fields: (t) => ({ run: t.prismaField(runOf('The run.')) }),
  });

const PauseQueueInput = builder.inputType('PauseQueueInput', {
  description: 'Which queue is to wait.',
  fields: (t) => ({
    labels: t.stringList({
      required: true,
      description: 'The labels its runs require; [] is one.',
    }),
    reason: t.string({ description: 'Why, for those who wait: 1–500 characters.' }),
  }),
});

const ResumeQueueInput = builder.inputType('ResumeQueueInput', {
  description: 'Which queue is to go on.',
  fields: (t) => ({
    labels: t.stringList({
      required: true,
      description: 'The labels its runs require; [] is one.',
    }),
  }),
});

const SetRunPriorityInput = builder.inputType('SetRunPriorityInput', {
  description: 'Which run that waits, and where it goes.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run.' }),
    priority: t.int({ required: true, description: '-100 to 100, higher first.' }),
  }),
});

builder.queryFields((t) => ({
  queues: t.field({
    type: [Queue],
    description:
      'Queues in which something waits, runs or is paused, and always the one of runs that ' +
      'require no labels; by key.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app }) => readQueues(app.sql),
  }),
}));

builder.mutationFields((t) => ({
  pauseQueue: t.field({
    type: PauseQueuePayload,
    description:
      'Lets the runs that require exactly these labels wait; those that run go on. Again, it ' +
      'changes the reason.',
    authScopes: { scope: 'RUNNERS_WRITE' },
    args: { input: t.arg({ type: PauseQueueInput, required: true, description: 'Which queue.' }) },
    errors: { types: [ValidationError], union: { description: 'What pauseQueue answers.' } },
    resolve: async (_root, { input }, { app }) => ({ key: await pauseQueue(app, input) }),
  }),
  resumeQueue: t.field({
    type: ResumeQueuePayload,
    description: 'Lets runners take from a queue again; no error when it was not paused.',
    authScopes: { scope: 'RUNNERS_WRITE' },
    args: { input: t.arg({ type: ResumeQueueInput, required: true, description: 'Which queue.' }) },
    errors: { types: [ValidationError], union: { description: 'What resumeQueue answers.' } },
    resolve: async (_root, { input }, { app }) => ({ key: await resumeQueue(app, input) }),
  }),
  setRunPriority: t.field({
    type: SetRunPriorityPayload,
    description: 'Moves a run that waits forwards or backwards.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: {
      input: t.arg({ type: SetRunPriorityInput, required: true, description: 'Which, and where.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError, ValidationError],
      union: { description: 'What setRunPriority answers.' },
    },
    resolve: async (_root, { input }, { app }) => {
      const { id } = await setRunPriority(app, localId('Run', input.runId), input.priority);
      return { runId: id };
    },
  }),
}));
