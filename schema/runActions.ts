import {
  InvalidStateError,
  NotFoundError,
  UnavailableError,
  ValidationError,
} from '../server/errors.ts';
import { whyNoClone, whyNoRetry } from '../server/runs/again.ts';
import { archiveRun } from '../server/runs/archive.ts';
import { type CloneChanges, cloneRun } from '../server/runs/cloneRun.ts';
import { isResumable, resumeRun } from '../server/runs/resumeRun.ts';
import { retryRun } from '../server/runs/retryRun.ts';
import { runCan } from '../server/runs/status.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { runSettings } from './runInput.ts';
import { runOf } from './runs.ts';

const RunParentKind = builder.enumType('RunParentKind', {
  description: 'How a run came from another.',
  values: {
    RETRY: { description: 'The same config, from the first step.' },
    RESUME: { description: 'The same config, from a checkpoint of the other.' },
    CLONE: { description: 'The config of the other, changed or not, from the first step.' },
  } as const,
});

builder.prismaObjectFields('Run', (t) => ({
  parent: t.relation('parent', {
    nullable: true,
    description: 'The run that this one was made from by retryRun, resumeRun or cloneRun.',
  }),
  parentKind: t.expose('parentKind', {
    type: RunParentKind,
    nullable: true,
    description: 'How it was made from its parent.',
  }),
  resumeStep: t.exposeInt('resumeStep', {
    nullable: true,
    description: 'The step of its parent that a RESUME goes on from.',
  }),
  children: t.relation('children', {
    description: 'Runs that were made from this one, newest first; at most 50.',
    query: { orderBy: { number: 'desc' }, take: 50 },
  }),
  archivedAt: t.expose('archivedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'Since when it is out of the lists.',
  }),
  viewerCanRetry: t.boolean({
    description: 'Whether you may retry it now.',
    select: { number: true, status: true, mode: true },
    resolve: (run, _args, { actor }) => actor.scopes.has('RUNS_WRITE') && whyNoRetry(run) === null,
  }),
  viewerCanResume: t.boolean({
    description: 'Whether you may resume it now: it has a stored checkpoint, too.',
    select: { id: true, number: true, status: true, mode: true },
    resolve: (run, _args, { app, actor }) =>
      actor.scopes.has('RUNS_WRITE') && isResumable(app.sql, run),
  }),
  viewerCanClone: t.boolean({
    description: 'Whether you may clone it.',
    select: { number: true, status: true, mode: true },
    resolve: (run, _args, { actor }) => actor.scopes.has('RUNS_WRITE') && whyNoClone(run) === null,
  }),
  viewerCanArchive: t.boolean({
    description: 'Whether you may archive it now, or put it back.',
    select: { status: true },
    resolve: ({ status }, _args, { actor }) =>
      actor.scopes.has('RUNS_WRITE') && runCan('archive', status),
  }),
}));

type Made = { runId: string; created: boolean };

const payloadOf = (name: string) =>
  builder.objectRef<Made>(name).implement({
    description: 'The queued run.',
    fields: (t) => ({
      run: t.prismaField(runOf('The run.')),
      created: t.exposeBoolean('created', {
        description: 'False when the idempotency key had made it before.',
      }),
    }),
  });

const toPayload = ({ id, created }: { id: string; created: boolean }): Made => ({
  runId: id,
  created,
});

const RetryRunInput = builder.inputType('RetryRunInput', {
  description: 'Which run to retry.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run that ended.' }),
    idempotencyKey: t.string({ description: 'The same key gives the same run, not another.' }),
  }),
});

const ResumeRunInput = builder.inputType('ResumeRunInput', {
  description: 'Which run to resume, and from where.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a LOCAL run that ended.' }),
    step: t.int({ description: 'The checkpoint to go on from; the newest stored one without.' }),
    timeoutSeconds: t.int({ description: '1–2 592 000; as before without.' }),
    maxAttempts: t.int({ description: '1–100; as before without.' }),
    idempotencyKey: t.string({ description: 'The same key gives the same run, not another.' }),
  }),
});

const CloneRunChanges = builder.inputType('CloneRunChanges', {
  description:
    'Fields of createRun that differ; what is left out stays, null gives the default back. ' +
    'Hyperparameters are merged one by one.',
  fields: (t) => ({
    ...runSettings(t),
    datasetKey: t.string({ description: 'Another dataset, by key.' }),
    modelId: t.string({ description: 'Another one of `models`.' }),
  }),
});

const CloneRunInput = builder.inputType('CloneRunInput', {
  description: 'Which run to clone, and what to change.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run; not of an EXTERNAL one.' }),
    name: t.string({ description: 'Its name; that of the run without.' }),
    changes: t.field({ type: CloneRunChanges, description: 'What to change; nothing without.' }),
    idempotencyKey: t.string({ description: 'The same key gives the same run, not another.' }),
    acknowledgedWarnings: t.stringList({
      description:
        'Codes of warnings that are meant so; those the run had already need not be named.',
    }),
  }),
});

const ArchiveRunInput = builder.inputType('ArchiveRunInput', {
  description: 'Which run to archive, or to put back.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run that ended.' }),
    archived: t.boolean({ required: true, description: 'False puts it back into the lists.' }),
  }),
});

const ArchiveRunPayload = builder.objectRef<{ runId: string }>('ArchiveRunPayload').implement({
  description: 'The run that was archived or put back.',
  fields: (t) => ({ run: t.prismaField(runOf('The run.')) }),
});

const failures = (name: string) => ({
  types: [NotFoundError, InvalidStateError, ValidationError, UnavailableError],
  union: { description: `What ${name} answers.` },
});

builder.mutationFields((t) => ({
  retryRun: t.field({
    type: payloadOf('RetryRunPayload'),
    description: 'Queues a new run with the config of one that failed, timed out or was cancelled.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: RetryRunInput, required: true, description: 'Which run.' }) },
    errors: failures('retryRun'),
    resolve: async (_root, { input: { runId, idempotencyKey } }, { app, actor }) =>
      toPayload(await retryRun(app, localId('Run', runId), idempotencyKey, actor.name)),
  }),
  resumeRun: t.field({
    type: payloadOf('ResumeRunPayload'),
    description:
      'Queues a new run that goes on from a stored checkpoint of one that failed, timed out or was ' +
      'cancelled, with the same config.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: ResumeRunInput, required: true, description: 'Which run.' }) },
    errors: failures('resumeRun'),
    resolve: async (_root, { input: { runId, ...input } }, { app, actor }) =>
      toPayload(await resumeRun(app, localId('Run', runId), input, actor.name)),
  }),
  cloneRun: t.field({
    type: payloadOf('CloneRunPayload'),
    description: 'Queues a new run with the config of another, changed where asked.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: CloneRunInput, required: true, description: 'Which run.' }) },
    errors: failures('cloneRun'),
    resolve: async (_root, { input: { runId, changes, ...input } }, { app, actor }) => {
      const asked = { ...input, changes: changes as CloneChanges };
      return toPayload(await cloneRun(app, localId('Run', runId), asked, actor.name));
    },
  }),
  archiveRun: t.field({
    type: ArchiveRunPayload,
    description: 'Takes a run that ended out of the lists, or puts it back; nothing is deleted.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: ArchiveRunInput, required: true, description: 'Which run.' }) },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What archiveRun answers.' },
    },
    resolve: async (_root, { input }, { app }) => {
      const { id } = await archiveRun(app, localId('Run', input.runId), input.archived);
      return { runId: id };
    },
  }),
}));
