import type { RunStatus as RunStatusValue } from '../prisma/generated/client/enums.ts';
import type { RunWarning } from '../server/runs/model.ts';
import { runCan } from '../server/runs/status.ts';
import { builder } from './builder.ts';
import { onPage } from './paging.ts';
import { Split } from './split.ts';

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

export const RunMode = builder.enumType('RunMode', {
  description: 'How much of a run is done.',
  values: {
    DRY_RUN: { description: 'Everything is checked and laid out; Tunix is not started.' },
    LOCAL: { description: 'Tunix trains on a runner.' },
    EXTERNAL: { description: 'Trained elsewhere; its predictions were imported.' },
  } as const,
});

export const RunWarningType = builder
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

export const Run = builder.prismaNode('Run', {
  select: { id: true },
  id: { field: 'id' },
  nullable: true,
  description: 'One execution of one training config on one dataset.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'The handle in URLs.' }),
    name: t.exposeString('name', { nullable: true, description: 'What its maker calls it.' }),
    dataset: t.relation('dataset', {
      nullable: true,
      description: 'What it learns from; null when it was trained elsewhere and judged on a set.',
    }),
    evaluationSet: t.relation('evaluationSet', {
      nullable: true,
      description: 'What it is judged on; the TEST side of the dataset when null.',
    }),
    modelId: t.exposeString('modelId', { description: 'The model it starts from.' }),
    mode: t.expose('mode', { type: RunMode, description: 'How much of it is done.' }),
    status: t.expose('status', { type: RunStatus, description: 'Where it stands.' }),
    config: t.expose('config', {
      type: 'JSON',
      description: 'What runs, with every default filled in; never changes.',
    }),
    configHash: t.expose('configHash', {
      type: 'SHA256',
      description:
        'Digest of config and of the content of dataset and evaluation set; equal for equal ' +
        'experiments.',
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
    attempt: t.exposeInt('epoch', { description: 'Number of the current attempt; 0 before.' }),
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
    createdBy: t.exposeString('createdBy', {
      nullable: true,
      description: 'Who made it, as they were called then; null for older ones.',
    }),
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
      resolve: async ({ startedAt, finishedAt }, _args, { app }) => {
        if (!startedAt) return null;
        const end = finishedAt ?? (await app.runStates.now());
        return (end.getTime() - startedAt.getTime()) / 1000;
      },
    }),
    artifacts: t.relation('artifacts', {
      description: 'The files it left behind and that are kept, at most 5000 of them.',
      args: {
        givenUp: t.arg.boolean({
          description:
            'Also those whose bytes were given up, such as checkpoints before the newest.',
        }),
      },
      query: ({ givenUp }) => ({
        where: givenUp ? {} : { deletedAt: null },
        orderBy: [{ attempt: 'asc' }, { path: 'asc' }],
        take: 5000,
      }),
    }),
    predictions: t.relatedConnection('predictions', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'What the trained model wrote.',
      args: {
        split: t.arg({ type: Split, description: 'Only this side of the dataset.' }),
        step: t.arg.int({
          description: 'Those of this step on the way; those of the final model without.',
        }),
        onEvaluationSet: t.arg.boolean({
          description: 'Only those on the evaluation set, or only those on the dataset.',
        }),
      },
      query: ({ split, onEvaluationSet, step }) => ({
        where: {
          step: step ?? 0,
          ...(split && { split }),
          ...(typeof onEvaluationSet === 'boolean' && {
            setItemId: onEvaluationSet ? { not: null } : null,
          }),
        },
        orderBy: { id: 'asc' },
      }),
    }),
    evaluations: t.relation('evaluations', {
      description: 'Every evaluation of the final model, newest first.',
      query: { where: { step: 0 }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
    checkpointEvaluations: t.relation('evaluations', {
      description:
        'Evaluations of the training on its way (evaluateEverySteps), on items of the EVAL side, ' +
        'by `step`. Their accuracies are the series `eval/accuracy`.',
      query: {
        where: { step: { gt: 0 } },
        orderBy: [{ step: 'asc' }, { createdAt: 'asc' }, { id: 'asc' }],
      },
    }),
    viewerCanCancel: t.boolean({
      description: 'Whether you may cancel it now.',
      select: { status: true },
      resolve: ({ status }, _args, { actor }) =>
        actor.scopes.has('RUNS_WRITE') && runCan('cancel', status),
    }),
    viewerCanEvaluate: t.boolean({
      description: 'Whether you may evaluate it now.',
      select: { status: true, mode: true },
      resolve: ({ status, mode }, _args, { actor }) =>
        actor.scopes.has('EVALUATIONS_WRITE') && mode !== 'DRY_RUN' && runCan('evaluate', status),
    }),
  }),
});

/** A field with the run as it is now, for payloads and messages that carry its id. */
export const runOf = <T extends { runId: string }>(description: string) => ({
  type: 'Run' as const,
  description,
  resolve: (
    query: object,
    { runId }: T,
    _args: object,
    { app }: typeof builder.$inferSchemaTypes.Context,
  ) => app.db.run.findUniqueOrThrow({ ...query, where: { id: runId } }),
});
