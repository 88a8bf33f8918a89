import type {
  ArtifactKind as ArtifactKindValue,
  AttemptStatus as AttemptStatusValue,
  RunStatus as RunStatusValue,
} from '../prisma/generated/client/enums.ts';
import {
  InvalidStateError,
  NotFoundError,
  UnavailableError,
  ValidationError,
} from '../server/errors.ts';
import { findable } from '../server/lib/text.ts';
import { cancelRun } from '../server/runs/cancel.ts';
import { createRun } from '../server/runs/create.ts';
import type { CreateRunInput as CreateRunModel, RunWarning } from '../server/runs/model.ts';
import { pendingReasons, progressOf, type RunProgress } from '../server/runs/progress.ts';
import { pendingCount, queuePosition, readMetrics } from '../server/runs/read.ts';
import { runCan } from '../server/runs/status.ts';
import { previewExecution, type ResolvedRun, resolveRun } from '../server/runs/validate.ts';
import { builder } from './builder.ts';
import { Split } from './datasets.ts';
import { globalId, idOrNone, localId } from './ids.ts';
import { MetricSeries } from './metrics.ts';
import { onPage } from './paging.ts';

export const RunStatus = builder.enumType('RunStatus', {
  description: 'Where a run stands. The last four are final.',
  values: {
    PENDING: { description: 'Waits for a runner.' },
    RUNNING: { description: 'A runner has it.' },
    COMPLETED: { description: 'It did all its work.' },
    FAILED: { description: 'It broke, or no attempts are left.' },
    TIMEOUT: { description: 'Its time was over.' },
    CANCELLED: { description: 'Somebody stopped it.' },
  } satisfies Record<RunStatusValue, object>,
});

const RunMode = builder.enumType('RunMode', {
  description: 'How much of a run is done.',
  values: {
    DRY_RUN: { description: 'Everything is checked and laid out; Tunix is not started.' },
    LOCAL: { description: 'Tunix trains on a runner.' },
  } as const,
});

const CancelMode = builder.enumType('CancelMode', {
  description: 'How a running run is stopped.',
  values: {
    SAVE: { description: 'After a checkpoint, so that it can be resumed.' },
    NOW: { description: 'At once.' },
  } as const,
});

const AttemptStatus = builder.enumType('AttemptStatus', {
  description: 'How an attempt stands or ended.',
  values: {
    RUNNING: { description: 'It holds the run.' },
    COMPLETED: { description: 'It finished the run.' },
    FAILED: { description: 'It broke.' },
    TIMEOUT: { description: 'The time of the run was over.' },
    CANCELLED: { description: 'Somebody stopped the run.' },
    LOST: { description: 'Its runner or its process died; counts against maxAttempts.' },
    RELEASED: { description: 'Its runner was stopped in order; another attempt goes on.' },
  } satisfies Record<AttemptStatusValue, object>,
});

const RunWarningType = builder
  .objectRef<RunWarning & { acknowledged: boolean }>('RunWarning')
  .implement({
    description: 'Something allowed that is probably not meant.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Stable name, for acknowledgedWarnings.' }),
      message: t.exposeString('message', { description: 'What it is and what to do.' }),
      acknowledged: t.exposeBoolean('acknowledged', {
        description: 'Whether the input acknowledged it.',
      }),
    }),
  });

const RunProgressType = builder.objectRef<RunProgress>('RunProgress').implement({
  description: 'How far a run is.',
  fields: (t) => ({
    step: t.exposeInt('step', { description: 'Updates done.' }),
    totalSteps: t.exposeInt('totalSteps', { description: 'Updates in all.' }),
    percent: t.exposeFloat('percent', { description: '0–100.' }),
    etaSeconds: t.exposeFloat('etaSeconds', {
      nullable: true,
      description: 'Seconds of training still to come, from the last steps; null when unknown.',
    }),
    stepsPerSecond: t.exposeFloat('stepsPerSecond', {
      nullable: true,
      description: 'Speed over the last steps; null when unknown.',
    }),
  }),
});

builder.prismaObject('RunAttempt', {
  description: 'One claim of a run by one runner.',
  fields: (t) => ({
    attempt: t.exposeInt('epoch', { description: 'Its number, from 1.' }),
    status: t.expose('status', { type: AttemptStatus, description: 'How it stands or ended.' }),
    runner: t.relation('runner', { description: 'Who has or had it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
    exitCode: t.exposeInt('exitCode', {
      nullable: true,
      description: 'Exit code of the training process.',
    }),
    exitSignal: t.exposeString('exitSignal', {
      nullable: true,
      description: 'The signal that ended the training process.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it ended otherwise.' }),
    runtime: t.expose('runtime', {
      type: 'JSON',
      nullable: true,
      description: 'Versions of Tunix and its parts, and devices, as the attempt saw them.',
    }),
  }),
});

const ArtifactKind = builder.enumType('ArtifactKind', {
  description: 'What a file is.',
  values: {
    CONFIG: { description: 'The config Tunix was given.' },
    CHECKPOINT: { description: 'Part of a checkpoint.' },
    EXPORT: { description: 'Part of the trained model, loadable by transformers.' },
    PREDICTIONS: { description: 'Outputs on the held-out items.' },
    EVENTS: { description: 'What the trainer reported.' },
    DATA: { description: 'Training data.' },
    LOG: { description: 'A log.' },
    OTHER: { description: 'Anything else.' },
  } satisfies Record<ArtifactKindValue, object>,
});

builder.prismaNode('Artifact', {
  id: { field: 'id' },
  nullable: true,
  description: 'One file a run left behind.',
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The attempt that wrote it.' }),
    kind: t.expose('kind', { type: ArtifactKind, description: 'What it is.' }),
    path: t.exposeString('path', { description: 'Its place in the folder of the attempt.' }),
    size: t.expose('size', { type: 'BigInt', description: 'Bytes.' }),
    sha256: t.expose('sha256', { type: 'SHA256', description: 'Digest of its bytes.' }),
    url: t.string({
      description: 'Where to download it, with ranges.',
      resolve: ({ id }) => `/artifacts/${globalId('Artifact', id)}`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was listed.' }),
  }),
});

builder.prismaNode('Prediction', {
  id: { field: 'id' },
  nullable: true,
  description: 'What the trained model wrote for one held-out trace.',
  fields: (t) => ({
    split: t.expose('split', { type: Split, description: 'The side the trace stands on.' }),
    trace: t.relation('trace', { description: 'The trace.' }),
    expected: t.exposeString('expected', { description: 'The answer the trace has.' }),
    text: t.exposeString('text', { description: 'What the model wrote.' }),
    tokens: t.exposeInt('tokens', { nullable: true, description: 'Tokens it wrote.' }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why there is no text, when there is none.',
    }),
  }),
});

builder.prismaNode('Run', {
  id: { field: 'id' },
  nullable: true,
  description: 'One execution of one training config on one dataset.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'The handle in URLs.' }),
    name: t.exposeString('name', { nullable: true, description: 'What its maker calls it.' }),
    dataset: t.relation('dataset', { description: 'What it learns from.' }),
    modelId: t.exposeString('modelId', { description: 'The model it starts from.' }),
    mode: t.expose('mode', { type: RunMode, description: 'How much of it is done.' }),
    status: t.expose('status', { type: RunStatus, description: 'Where it stands.' }),
    config: t.expose('config', {
      type: 'JSON',
      description: 'What runs, with every default filled in; never changes.',
    }),
    configHash: t.expose('configHash', {
      type: 'SHA256',
      description: 'Digest of config and dataset content; equal for equal experiments.',
    }),
    warnings: t.field({
      type: [RunWarningType],
      description: 'What was acknowledged when it was made.',
      select: { warnings: true },
      resolve: ({ warnings }) =>
        (warnings as RunWarning[]).map((warning) => ({ ...warning, acknowledged: true })),
    }),
    priority: t.exposeInt('priority', { description: 'Higher goes first.' }),
    timeoutSeconds: t.exposeInt('timeoutSeconds', {
      description: 'How long it may take from its first start.',
    }),
    maxAttempts: t.exposeInt('maxAttempts', {
      description: 'How many attempts may be lost before it fails.',
    }),
    progress: t.field({
      type: RunProgressType,
      nullable: true,
      description: 'How far it is; null before the first step is known.',
      select: { id: true, step: true, totalSteps: true, status: true },
      resolve: (run, _args, { app }) => progressOf(app.sql, run),
    }),
    attempt: t.exposeInt('epoch', { description: 'Number of the current attempt; 0 before.' }),
    attempts: t.relation('attempts', {
      description: 'Every claim, oldest first.',
      query: { orderBy: { epoch: 'asc' } },
    }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody asked it to stop.',
    }),
    exitCode: t.exposeInt('exitCode', {
      nullable: true,
      description: 'Exit code of the last training process.',
    }),
    exitSignal: t.exposeString('exitSignal', {
      nullable: true,
      description: 'The signal that ended the last training process.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it did not end well.' }),
    logTail: t.exposeString('logTail', {
      nullable: true,
      description: 'The last 20 lines of the log of the last attempt.',
    }),
    lastLogSeq: t.expose('lastLogSeq', { type: 'BigInt', description: 'Lines in its log.' }),
    lastEventSeq: t.expose('lastEventSeq', { type: 'BigInt', description: 'Events it has.' }),
    lastMetricSeq: t.expose('lastMetricSeq', {
      type: 'BigInt',
      description: 'Metric points it has; the cursor `metricsAfter` of runEvents.',
    }),
    version: t.exposeInt('version', {
      description: 'Rises with each change; ignore what is older than what you have.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    queuedAt: t.expose('queuedAt', {
      type: 'DateTime',
      description: 'When it last began to wait.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its first attempt began.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
    durationSeconds: t.float({
      nullable: true,
      description: 'From its first start to its end, or to now.',
      select: { startedAt: true, finishedAt: true },
      resolve: ({ startedAt, finishedAt }) =>
        startedAt && ((finishedAt ?? new Date()).getTime() - startedAt.getTime()) / 1000,
    }),
    queuePosition: t.int({
      nullable: true,
      description: 'How many runs go first; null when it does not wait.',
      select: { id: true },
      resolve: ({ id }, _args, { app }) => queuePosition(app.sql, id),
    }),
    pendingReasons: t.stringList({
      description: 'Why it still waits; empty when it does not.',
      select: { id: true, status: true },
      resolve: (run, _args, { app }) => pendingReasons(app.sql, run),
    }),
    metrics: t.field({
      type: [MetricSeries],
      description: 'Its series, each step from the newest attempt; spikes survive thinning.',
      args: {
        names: t.arg.stringList({ description: 'Only these series: `train/loss`.' }),
        maxPoints: t.arg.int({ description: 'Points of a series: 2–10 000, 1000 by default.' }),
      },
      select: { id: true },
      resolve: async ({ id }, { names, maxPoints }, { app }) => {
        const limit = Math.min(10_000, Math.max(2, maxPoints ?? 1000));
        const series = await readMetrics(app.sql, id, names ?? null, limit);
        return [...series].map(([name, points]) => ({ name, points }));
      },
    }),
    artifacts: t.relation('artifacts', {
      description: 'The files it left behind.',
      query: { orderBy: [{ attempt: 'asc' }, { path: 'asc' }] },
    }),
    predictions: t.relatedConnection('predictions', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'What the trained model wrote.',
      args: { split: t.arg({ type: Split, description: 'Only this side.' }) },
      query: ({ split }) => ({ where: split ? { split } : {}, orderBy: { id: 'asc' } }),
    }),
    evaluations: t.relation('evaluations', {
      description: 'Every evaluation, newest first.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
    viewerCanCancel: t.boolean({
      description: 'Whether you may cancel it now.',
      select: { status: true },
      resolve: ({ status }, _args, { viewer }) =>
        viewer.scopes.includes('write') && runCan('cancel', status),
    }),
    viewerCanEvaluate: t.boolean({
      description: 'Whether you may evaluate it now.',
      select: { status: true, mode: true },
      resolve: ({ status, mode }, _args, { viewer }) =>
        viewer.scopes.includes('write') && mode === 'LOCAL' && runCan('evaluate', status),
    }),
  }),
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
    modelId: t.string({ required: true, description: 'One of `models`.' }),
    mode: t.field({ type: RunMode, description: 'DRY_RUN when not given.' }),
    hyperparameters: t.field({ type: HyperparametersInput, description: 'How it learns.' }),
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
      resolve: ({ dataset }) => dataset.testCount,
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

const runPayload = (name: string, description: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    description,
    fields: (t) => ({
      run: t.prismaField({
        type: 'Run',
        description: 'The run.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.run.findUniqueOrThrow({ ...query, where: { id } }),
      }),
    }),
  });

const CreateRunPayload = builder
  .objectRef<{ id: string; created: boolean }>('CreateRunPayload')
  .implement({
    description: 'The queued run.',
    fields: (t) => ({
      run: t.prismaField({
        type: 'Run',
        description: 'The run.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.run.findUniqueOrThrow({ ...query, where: { id } }),
      }),
      created: t.exposeBoolean('created', {
        description: 'False when the idempotency key had made it before.',
      }),
    }),
  });

const CancelRunPayload = runPayload('CancelRunPayload', 'The run that ends or will end.');

const CancelRunInput = builder.inputType('CancelRunInput', {
  description: 'Which run to stop and how.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run.' }),
    mode: t.field({ type: CancelMode, description: 'SAVE when not given.' }),
  }),
});

const RunFilter = builder.inputType('RunFilter', {
  description: 'Which runs; every given condition must hold.',
  fields: (t) => ({
    status: t.field({ type: [RunStatus], description: 'One of these.' }),
    datasetKey: t.string({ description: 'On this dataset.' }),
    modelId: t.string({ description: 'From this model.' }),
    mode: t.field({ type: RunMode, description: 'In this mode.' }),
  }),
});

type RunFilterShape = typeof RunFilter.$inferInput;

const runsWhere = (filter: RunFilterShape | null | undefined) => ({
  ...(filter?.status && { status: { in: filter.status } }),
  ...(filter?.datasetKey && { dataset: { key: findable(filter.datasetKey) } }),
  ...(filter?.modelId && { modelId: findable(filter.modelId) }),
  ...(filter?.mode && { mode: filter.mode }),
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
  run: t.prismaField({
    type: 'Run',
    nullable: true,
    description: 'A run by id or number; null when there is none.',
    authScopes: { read: true },
    args: {
      id: t.arg.id({ description: 'The `id` of a run.' }),
      number: t.arg.int({ description: 'Its number.' }),
    },
    resolve: (query, _root, args, { app }) => {
      if (typeof args.number === 'number') {
        return app.db.run.findUnique({ ...query, where: { number: args.number } });
      }
      return app.db.run.findUnique({ ...query, where: { id: idOrNone('Run', args.id ?? '') } });
    },
  }),
  runs: t.prismaConnection(
    {
      type: 'Run',
      cursor: 'id',
      description: 'Runs, newest first.',
      authScopes: { read: true },
      complexity: onPage,
      args: { filter: t.arg({ type: RunFilter, description: 'Which ones; all without it.' }) },
      totalCount: (_root, { filter }, { app }) => app.db.run.count({ where: runsWhere(filter) }),
      resolve: (query, _root, { filter }, { app }) =>
        app.db.run.findMany({
          ...query,
          where: runsWhere(filter),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    { name: 'QueryRunsConnection', description: 'A page of runs.' },
    { name: 'QueryRunsConnectionEdge', description: 'A run on a page.' },
  ),
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
    resolve: (_root, { input }, { app }) => createRun(app, input as CreateRunModel),
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
    resolve: (_root, { input }, { app }) =>
      cancelRun(app, localId('Run', input.runId), input.mode ?? 'SAVE'),
  }),
}));
