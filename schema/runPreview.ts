import { configHashOf } from '../server/runs/create.ts';
import type { RunConfig } from '../server/runs/model.ts';
import type { RunEstimate as Estimate } from '../server/runs/plan/estimate.ts';
import type { SequenceLengths as Lengths } from '../server/runs/plan/lengths.ts';
import { previewExecution, runManifest, writeManifest } from '../server/runs/plan/preview.ts';
import type { ResolvedRun } from '../server/runs/plan/validate.ts';
import { type Placement, placeRun } from '../server/runs/queue/pending.ts';
import { builder } from './builder.ts';
import { PendingReason } from './queues.ts';
import { RunWarningType } from './runs.ts';

const RunEstimate = builder.objectRef<Estimate>('RunEstimate').implement({
  description: 'What a training takes, before it starts; null is what is not known.',
  fields: (t) => ({
    parameters: t.expose('parameters', {
      type: 'BigInt',
      nullable: true,
      description: 'Numbers in all weights of the model, exactly.',
    }),
    trainableParameters: t.expose('trainableParameters', {
      type: 'BigInt',
      nullable: true,
      description: 'Numbers that training changes, exactly; with LoRA those of the adapters.',
    }),
    memoryBytes: t.expose('memoryBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'Memory of all devices together, roughly: weights, gradients, optimizer, activations.',
    }),
    checkpointBytes: t.expose('checkpointBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'One checkpoint: what is trained, with the state of its optimizer.',
    }),
    diskBytes: t.expose('diskBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'Checkpoints, export and data of one attempt; without a download of the model.',
    }),
    loraModules: t.exposeInt('loraModules', {
      nullable: true,
      description: 'Modules the LoRA pattern matches; null without LoRA.',
    }),
  }),
});

const SequenceLengths = builder.objectRef<Lengths>('SequenceLengths').implement({
  description: 'How long the items of TRAIN and EVAL are for the model.',
  fields: (t) => ({
    items: t.exposeInt('items', { description: 'Items of TRAIN and EVAL.' }),
    longest: t.exposeInt('longest', { description: 'Tokens of the longest.' }),
    tooLong: t.exposeInt('tooLong', {
      description: 'Items that do not fit maxSeqLength and are left out.',
    }),
    source: t.exposeString('source', {
      description:
        'TOKENS: counted with the tokenizer of the model by a dataset check. ESTIMATE: a guess by ' +
        'characters; check the dataset with this model to know.',
    }),
  }),
});

const RunPlacement = builder.objectRef<Placement & { labels: string[] }>('RunPlacement').implement({
  description: 'Where a run would be executed.',
  fields: (t) => ({
    labels: t.exposeStringList('labels', { description: 'What a runner must offer.' }),
    runners: t.prismaField({
      type: ['Runner'],
      description: 'The runners that are online and offer it.',
      resolve: (query, { runnerIds }, _args, { app }) =>
        app.db.runner.findMany({
          ...query,
          where: { id: { in: runnerIds } },
          orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
        }),
    }),
    startsNow: t.exposeBoolean('startsNow', {
      description: 'Whether one of them takes it within seconds.',
    }),
    reasons: t.field({
      type: [PendingReason],
      description: 'What stands in the way, or that nothing does.',
      resolve: ({ reasons }) => reasons,
    }),
  }),
});

export const RunPreview = builder.objectRef<ResolvedRun>('RunPreview').implement({
  description: 'Exactly what createRun would run.',
  fields: (t) => ({
    config: t.field({
      type: 'JSON',
      description: 'The config with every default filled in.',
      resolve: ({ config }) => config,
    }),
    configHash: t.field({
      type: 'SHA256',
      description: 'The digest the run would have; equal for equal experiments.',
      resolve: configHashOf,
    }),
    tunixConfig: t.field({
      type: 'JSON',
      description:
        'The config file Tunix gets. RUN stands for the id to come; /DATA_DIR, /MODELS_DIR and ' +
        '/CACHE_DIR stand for folders of the runner.',
      resolve: (resolved, _args, { app }) => previewExecution(app, resolved).tunixConfig,
    }),
    manifest: t.string({
      description: 'The same config as YAML, which Tunix accepts as its base file.',
      resolve: (resolved, _args, { app }) =>
        writeManifest(previewExecution(app, resolved).tunixConfig),
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
    estimate: t.field({
      type: RunEstimate,
      description: 'What the training takes.',
      resolve: ({ estimate }) => estimate,
    }),
    lengths: t.field({
      type: SequenceLengths,
      nullable: true,
      description: 'How long the items are.',
      resolve: ({ lengths }) => lengths,
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
    timeoutSeconds: t.int({
      description: 'Seconds from its first start.',
      resolve: ({ request }) => request.timeoutSeconds,
    }),
    priority: t.int({
      description: 'Higher goes first.',
      resolve: ({ request }) => request.priority,
    }),
    maxAttempts: t.int({
      description: 'Lost attempts before it fails.',
      resolve: ({ request }) => request.maxAttempts,
    }),
    queuePosition: t.int({
      description: 'How many runs would go first.',
      resolve: async ({ request }, _args, { app }) => (await placeRun(app.sql, request)).ahead,
    }),
    placement: t.field({
      type: RunPlacement,
      description: 'Where it would be executed, were it queued now.',
      resolve: async ({ request }, _args, { app }) => ({
        ...(await placeRun(app.sql, request)),
        labels: request.requiredLabels,
      }),
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  manifest: t.string({
    description:
      'The config of its first attempt as YAML, which Tunix accepts as its base file; /DATA_DIR, ' +
      '/MODELS_DIR and /CACHE_DIR stand for folders of the runner.',
    select: { id: true, config: true },
    resolve: ({ id, config }, _args, { app }) =>
      runManifest(app, { id, config: config as Partial<RunConfig> }),
  }),
}));
