import {
  InvalidStateError,
  NotFoundError,
  UnavailableError,
  ValidationError,
} from '../server/errors.ts';
import { cancelRun } from '../server/runs/cancel.ts';
import { createRun } from '../server/runs/create.ts';
import type { CreateRunInput as CreateRunModel } from '../server/runs/model.ts';
import { pendingCount } from '../server/runs/read.ts';
import { previewExecution, type ResolvedRun, resolveRun } from '../server/runs/validate.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { RunMode, RunWarningType, runOf } from './runs.ts';

const CancelMode = builder.enumType('CancelMode', {
  description: 'How a running run is stopped.',
  values: {
    SAVE: { description: 'After a checkpoint, so that it can be resumed.' },
    NOW: { description: 'At once.' },
  } as const,
});

const LoraInput = builder.inputType('LoraInput', {
  description: 'Low-rank adapters instead of full fine-tuning.',
  fields: (t) => ({
    rank: t.int({ required: true, description: '1–512.' }),
    alpha: t.float({ required: true, description: 'Above 0, at most 4096.' }),
    modulePath: t.string({
      description:
        'Pattern of module names (Python regular expression); attention and MLP without.',
    }),
  }),
});

const HyperparametersInput = builder.inputType('HyperparametersInput', {
  description: 'How the model learns; everything has a default.',
  fields: (t) => ({
    learningRate: t.float({ description: 'Above 0, at most 1; 2e-5.' }),
    weightDecay: t.float({ description: '0–1; 0.01.' }),
    numEpochs: t.int({ description: 'Passes over the data: 1–100; 3.' }),
    maxSteps: t.int({ description: 'Ends after this many updates, if that is sooner.' }),
    batchSize: t.int({ description: 'Examples in one update: 1–512; 8.' }),
    maxSeqLength: t.int({ description: 'Tokens of an example: 128–32 768; 2048.' }),
    seed: t.int({ description: 'Of data order and adapters: 0–2^31-1; 42.' }),
    lora: t.field({ type: LoraInput, description: 'Adapters; full fine-tuning without.' }),
    evalEverySteps: t.int({ description: 'Updates between losses on EVAL; a tenth of all.' }),
    saveEverySteps: t.int({ description: 'Updates between checkpoints; a tenth of all.' }),
    maxNewTokens: t.int({ description: 'Longest prediction in tokens: 1–8192; 256.' }),
  }),
});

const CreateRunInput = builder.inputType('CreateRunInput', {
  description: 'What to train, on what, and how.',
  fields: (t) => ({
    name: t.string({ description: '1–128 characters, for people.' }),
    datasetKey: t.string({ required: true, description: 'The dataset, by key.' }),
    evaluationSetKey: t.string({
      description: 'What it is judged on, by key; the TEST side of the dataset without.',
    }),
    modelId: t.string({ required: true, description: 'One of `models`.' }),
    mode: t.field({ type: RunMode, description: 'LOCAL or DRY_RUN; DRY_RUN when not given.' }),
    hyperparameters: t.field({ type: HyperparametersInput, description: 'How it learns.' }),
    evaluateEverySteps: t.int({
      description:
        'After each so many updates the EVAL side is answered and judged, while the TEST side and ' +
        'the evaluation set stay unseen: 1 to the steps of the run; never without.',
    }),
    evaluateItems: t.int({
      description: 'How many items of the EVAL side then, the first ones: 1–500; 50.',
    }),
    timeoutSeconds: t.int({ description: 'From its first start: 1–2 592 000; a day.' }),
    priority: t.int({ description: '-100 to 100, higher first; 0.' }),
    maxAttempts: t.int({ description: 'Lost attempts before it fails: 1–100; 3.' }),
    idempotencyKey: t.string({ description: 'The same key gives the same run, not another.' }),
    acknowledgedWarnings: t.stringList({ description: 'Codes of warnings that are meant so.' }),
  }),
});

const RunPreview = builder.objectRef<ResolvedRun>('RunPreview').implement({
  description: 'Exactly what createRun would run.',
  fields: (t) => ({
    config: t.field({
      type: 'JSON',
      description: 'The config with every default filled in.',
      resolve: ({ config }) => config,
    }),
    tunixConfig: t.field({
      type: 'JSON',
      description: 'The config file Tunix gets; RUN stands for the id to come.',
      resolve: (resolved, _args, { app }) => previewExecution(app, resolved).tunixConfig,
    }),
    command: t.stringList({
      description: 'The command, one element for each argument.',
      resolve: (resolved, _args, { app }) => previewExecution(app, resolved).command,
    }),
    warnings: t.field({
      type: [RunWarningType],
      description: 'What createRun wants acknowledged.',
      resolve: ({ warnings, request }) =>
        warnings.map((warning) => ({
          ...warning,
          acknowledged: request.acknowledgedWarnings.includes(warning.code),
        })),
    }),
    trainItems: t.int({
      description: 'Items to learn from.',
      resolve: ({ dataset }) => dataset.trainCount,
    }),
    evalItems: t.int({
      description: 'Items the loss is watched on.',
      resolve: ({ dataset }) => dataset.evalCount,
    }),
    testItems: t.int({
      description: 'Items that are judged.',
      resolve: ({ dataset, evaluationSet }) => evaluationSet?.itemCount ?? dataset.testCount,
    }),
    stepsPerEpoch: t.exposeInt('stepsPerEpoch', { description: 'Updates in one pass.' }),
    totalSteps: t.int({
      description: 'Updates in all.',
      resolve: ({ config }) => config.hyperparameters.totalSteps,
    }),
    queuePosition: t.int({
      description: 'How many runs would go first.',
      resolve: (_resolved, _args, { app }) => pendingCount(app.sql),
    }),
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

builder.queryFields((t) => ({
  validateRun: t.field({
    type: RunPreview,
    description: 'What createRun would do with this input, without doing it.',
    authScopes: { read: true },
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
    authScopes: { write: true },
    args: { input: t.arg({ type: CreateRunInput, required: true, description: 'The run.' }) },
    errors: {
      types: [ValidationError, NotFoundError, UnavailableError],
      union: { description: 'What createRun answers.' },
    },
    resolve: async (_root, { input }, { app }) => {
      const { id, created } = await createRun(app, input as CreateRunModel);
      return { runId: id, created };
    },
  }),
  cancelRun: t.field({
    type: CancelRunPayload,
    description: 'Ends a waiting run at once and asks a running one to stop.',
    authScopes: { write: true },
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
