import {
  InvalidStateError,
  NotFoundError,
  UnavailableError,
  ValidationError,
} from '../server/errors.ts';
import { cancelRun } from '../server/runs/cancel.ts';
import { createRun } from '../server/runs/create.ts';
import type { CreateRunInput as CreateRunModel } from '../server/runs/model.ts';
import { resolveRun } from '../server/runs/plan/validate.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { runSettings } from './runInput.ts';
import { RunPreview } from './runPreview.ts';
import { runOf } from './runs.ts';

const CancelMode = builder.enumType('CancelMode', {
  description: 'How a running run is stopped.',
  values: {
    SAVE: { description: 'After a checkpoint, so that it can be resumed.' },
    NOW: { description: 'At once.' },
  } as const,
});

const CreateRunInput = builder.inputType('CreateRunInput', {
  description: 'What to train, on what, and how.',
  fields: (t) => ({
    ...runSettings(t),
    datasetKey: t.string({ required: true, description: 'The dataset, by key.' }),
    modelId: t.string({ required: true, description: 'One of `models`.' }),
    idempotencyKey: t.string({
      description: 'The same key and request give the same run; another request is refused.',
    }),
    acknowledgedWarnings: t.stringList({ description: 'Codes of warnings that are meant so.' }),
  }),
});

const CreateRunPayload = builder
  .objectRef<{ runId: string; created: boolean }>('CreateRunPayload')
  .implement({
    description: 'The queued run.',
    fields: (t) => ({
      run: t.prismaField(runOf('The run.')),
      created: t.exposeBoolean('created', {
        description: 'False when the idempotency key had made it before.',
      }),
    }),
  });

const CancelRunPayload = builder.objectRef<{ runId: string }>('CancelRunPayload').implement({
  description: 'The run that ends or will end.',
  fields: (t) => ({ run: t.prismaField(runOf('The run.')) }),
});

const CancelRunInput = builder.inputType('CancelRunInput', {
  description: 'Which run to stop and how.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run.' }),
    mode: t.field({ type: CancelMode, description: 'SAVE when not given.' }),
  }),
});

builder.prismaObjectFields('Dataset', (t) => ({
  viewerCanTrain: t.boolean({
    description: 'Whether you may create a run on it: it has items to learn from, too.',
    select: { trainCount: true },
    resolve: ({ trainCount }, _args, { actor }) => actor.scopes.has('RUNS_WRITE') && trainCount > 0,
  }),
}));

builder.queryFields((t) => ({
  validateRun: t.field({
    type: RunPreview,
    description: 'What createRun would do with this input, without doing it.',
    authScopes: { scope: 'READ' },
    args: { input: t.arg({ type: CreateRunInput, required: true, description: 'The run.' }) },
    errors: {
      types: [ValidationError, NotFoundError, UnavailableError],
      union: { description: 'What validateRun answers.' },
    },
    resolve: (_root, { input }, { app }) => resolveRun(app, input as CreateRunModel),
  }),
}));

builder.mutationFields((t) => ({
  createRun: t.field({
    type: CreateRunPayload,
    description: 'Queues a run and returns at once; follow it with runEvents and runLogs.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: CreateRunInput, required: true, description: 'The run.' }) },
    errors: {
      types: [ValidationError, NotFoundError, UnavailableError],
      union: { description: 'What createRun answers.' },
    },
    resolve: async (_root, { input }, { app, actor }) => {
      const origin = { by: actor.name };
      const { id, created } = await createRun(app, input as CreateRunModel, origin);
      return { runId: id, created };
    },
  }),
  cancelRun: t.field({
    type: CancelRunPayload,
    description: 'Ends a waiting run at once and asks a running one to stop.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: CancelRunInput, required: true, description: 'Which run.' }) },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What cancelRun answers.' },
    },
    resolve: async (_root, { input }, { app }) => {
      const { id } = await cancelRun(app, localId('Run', input.runId), input.mode ?? 'SAVE');
      return { runId: id };
    },
  }),
}));
