import type {
  LogStream as LogStreamValue,
  RunEventKind as RunEventKindValue,
} from '../prisma/generated/client/enums.ts';
import {
  followEvents,
  followLog,
  followRuns,
  type RunLogEvent as RunLogEventShape,
  type RunStreamEvent as RunStreamEventShape,
  type StreamCompleted as StreamCompletedShape,
  type StreamPhase as StreamPhaseShape,
} from '../server/runs/follow.ts';
import {
  type LogBatch,
  type MetricRow,
  type RunEventRow,
  readEvents,
  readLog,
} from '../server/runs/read.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { MetricSeries } from './metrics.ts';
import { RunStatus } from './runs.ts';

const LogStream = builder.enumType('LogStream', {
  description: 'Who wrote a line.',
  values: {
    STDOUT: { description: 'The training process, as output.' },
    STDERR: { description: 'The training process, as diagnostics.' },
    SYSTEM: { description: 'The runner itself.' },
  } satisfies Record<LogStreamValue, object>,
});

type Line = { seq: number; attempt: number; stream: LogStreamValue; text: string; at: Date };

const LogLine = builder.objectRef<Line>('LogLine').implement({
  description: 'One line of a log.',
  fields: (t) => ({
    seq: t.expose('seq', { type: 'BigInt', description: 'Its number in the run, from 1.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt it belongs to.' }),
    stream: t.expose('stream', { type: LogStream, description: 'Who wrote it.' }),
    text: t.exposeString('text', { description: 'Its text, without the newline.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was stored.' }),
  }),
});

// What is no UTF-8 is shown as U+FFFD; the bytes themselves are kept.
const textOf = (batch: LogBatch) => batch.data.toString('utf8');

const LogBatchType = builder.objectRef<LogBatch>('LogBatch').implement({
  description:
    'Consecutive lines of one stream. `text` is cheaper than `lines`: one string for all of them.',
  fields: (t) => ({
    firstSeq: t.expose('firstSeq', { type: 'BigInt', description: 'Number of the first line.' }),
    lastSeq: t.expose('lastSeq', {
      type: 'BigInt',
      description: 'Number of the last line: the cursor to go on from.',
    }),
    attempt: t.exposeInt('attempt', { description: 'The attempt they belong to.' }),
    stream: t.expose('stream', { type: LogStream, description: 'Who wrote them.' }),
    text: t.string({
      description:
        'The lines as written, each with its newline; only the last may lack one, when it was cut ' +
        'at 64 KB or the stream ended.',
      resolve: textOf,
    }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When the first was stored.' }),
    lines: t.field({
      type: [LogLine],
      description: 'The lines one by one.',
      resolve: (batch): Line[] => {
        const { firstSeq, lastSeq, attempt, stream, createdAt: at } = batch;
        const texts = textOf(batch)
          .split('\n')
          .slice(0, lastSeq - firstSeq + 1);
        return texts.map((text, index) => ({ seq: firstSeq + index, attempt, stream, text, at }));
      },
    }),
  }),
});

const StreamPhaseKind = builder.enumType('StreamPhaseKind', {
  description: 'What a stream is delivering.',
  values: {
    BACKFILL: { description: 'What happened before you came.' },
    LIVE: { description: 'What happens now.' },
  } as const,
});

const StreamPhase = builder.objectRef<StreamPhaseShape>('StreamPhase').implement({
  description: 'Says what follows in the stream.',
  fields: (t) => ({
    phase: t.expose('phase', { type: StreamPhaseKind, description: 'What follows.' }),
    behindBy: t.expose('behindBy', {
      type: 'BigInt',
      description: 'How many lines or events are still to come before it is live.',
    }),
  }),
});

const StreamCompleted = builder.objectRef<StreamCompletedShape>('StreamCompleted').implement({
  description: 'The run has ended and everything was delivered; the stream ends after this.',
  fields: (t) => ({
    lastSeq: t.expose('lastSeq', {
      type: 'BigInt',
      description: 'The last number there is; you have all when you have this one.',
    }),
    status: t.expose('status', { type: RunStatus, description: 'How the run ended.' }),
    exitCode: t.exposeInt('exitCode', {
      nullable: true,
      description: 'Exit code of the training process.',
    }),
  }),
});

const RunLogEvent = builder.unionType('RunLogEvent', {
  description: 'A message of the log stream.',
  types: [LogBatchType, StreamPhase, StreamCompleted],
  resolveType: (event) => {
    switch ((event as RunLogEventShape).kind) {
      case 'batch':
        return LogBatchType;
      case 'phase':
        return StreamPhase;
      default:
        return StreamCompleted;
    }
  },
});

const RunLogPage = builder
  .objectRef<{ batches: LogBatch[]; hasMore: boolean; after: number }>('RunLogPage')
  .implement({
    description: 'Some of the log of a run.',
    fields: (t) => ({
      batches: t.field({
        type: [LogBatchType],
        description: 'The lines.',
        resolve: ({ batches }) => batches,
      }),
      endSeq: t.field({
        type: 'BigInt',
        description: 'The cursor for the next call.',
        resolve: ({ batches, after }) => batches.at(-1)?.lastSeq ?? after,
      }),
      hasMore: t.exposeBoolean('hasMore', { description: 'Whether more is stored already.' }),
    }),
  });

const RunEventKind = builder.enumType('RunEventKind', {
  description: 'What happened.',
  values: {
    QUEUED: { description: 'It was made.' },
    CLAIMED: { description: 'A runner took it.' },
    STARTED: { description: 'The training process runs; versions and devices are in `data`.' },
    DATA_READY: { description: 'The data is tokenised; counts are in `data`.' },
    RESTORED: { description: 'Training goes on from the step in `data`.' },
    PROGRESS: { description: 'It has come some way.' },
    CHECKPOINT: { description: 'The checkpoint of the step in `data` is complete.' },
    PREDICTIONS: { description: 'Held-out items are being answered.' },
    EXPORTED: { description: 'The trained model is written.' },
    ARTIFACTS: { description: 'Files were listed.' },
    CANCEL_REQUESTED: { description: 'Somebody asked it to stop.' },
    ATTEMPT_LOST: { description: 'A runner or its process died.' },
    ATTEMPT_RELEASED: { description: 'A runner was stopped in order.' },
    COMPLETED: { description: 'It did all its work.' },
    FAILED: { description: 'It broke.' },
    TIMEOUT: { description: 'Its time was over.' },
    CANCELLED: { description: 'It was stopped.' },
    EVALUATED: { description: 'Its predictions were judged.' },
  } satisfies Record<RunEventKindValue, object>,
});

const RunEvent = builder.objectRef<RunEventRow>('RunEvent').implement({
  description: 'Something that happened to a run.',
  fields: (t) => ({
    seq: t.expose('seq', { type: 'BigInt', description: 'Its number in the run, from 1.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt it belongs to; 0 before any.' }),
    kind: t.expose('kind', { type: RunEventKind, description: 'What happened.' }),
    data: t.field({ type: 'JSON', description: 'Its particulars.', resolve: ({ data }) => data }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

const RunEventPage = builder
  .objectRef<{ events: RunEventRow[]; hasMore: boolean; after: number }>('RunEventPage')
  .implement({
    description: 'Some of the events of a run.',
    fields: (t) => ({
      events: t.field({
        type: [RunEvent],
        description: 'The events.',
        resolve: ({ events }) => events,
      }),
      endSeq: t.field({
        type: 'BigInt',
        description: 'The cursor for the next call.',
        resolve: ({ events, after }) => events.at(-1)?.seq ?? after,
      }),
      hasMore: t.exposeBoolean('hasMore', { description: 'Whether more is stored already.' }),
    }),
  });

type OfRun = { runId: string };

const runOf = <T extends OfRun>(description: string) => ({
  type: 'Run' as const,
  description,
  resolve: (
    query: object,
    { runId }: T,
    _args: object,
    { app }: typeof builder.$inferSchemaTypes.Context,
  ) => app.db.run.findUniqueOrThrow({ ...query, where: { id: runId } }),
});

const RunEventNotice = builder
  .objectRef<Extract<RunStreamEventShape, { kind: 'event' }>>('RunEventNotice')
  .implement({
    description: 'An event, and the run after it.',
    fields: (t) => ({
      event: t.field({
        type: RunEvent,
        description: 'What happened.',
        resolve: ({ event }) => event,
      }),
      run: t.prismaField(runOf('The run as it is now.')),
    }),
  });

const MetricUpdate = builder
  .objectRef<Extract<RunStreamEventShape, { kind: 'metrics' }>>('MetricUpdate')
  .implement({
    description: 'New points of the curves.',
    fields: (t) => ({
      series: t.field({
        type: [MetricSeries],
        description: 'The new points, by series.',
        resolve: ({ points }) =>
          [...Map.groupBy(points, (point: MetricRow) => point.name)].map(([name, group]) => ({
            name,
            points: group,
          })),
      }),
      lastSeq: t.field({
        type: 'BigInt',
        description: 'The cursor `metricsAfter` to go on from.',
        resolve: ({ points }) => points.at(-1)?.seq ?? 0,
      }),
      run: t.prismaField(runOf('The run as it is now.')),
    }),
  });

const RunStreamEvent = builder.unionType('RunStreamEvent', {
  description: 'A message of the event stream.',
  types: [RunEventNotice, MetricUpdate, StreamPhase, StreamCompleted],
  resolveType: (event) => {
    switch ((event as RunStreamEventShape).kind) {
      case 'event':
        return RunEventNotice;
      case 'metrics':
        return MetricUpdate;
      case 'phase':
        return StreamPhase;
      default:
        return StreamCompleted;
    }
  },
});

const RunsChangedEvent = builder.objectRef<OfRun>('RunsChangedEvent').implement({
  description: 'A run that is new or has changed.',
  fields: (t) => ({ run: t.prismaField(runOf('The run as it is now.')) }),
});

/** A stream of a run that does not exist ends at once, without a message. */
async function* nothing<T>(): AsyncGenerator<T, void> {}

builder.queryFields((t) => ({
  runLogs: t.field({
    type: RunLogPage,
    nullable: true,
    description: 'A page of the log; the twin of the subscription. Null when there is no run.',
    authScopes: { read: true },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only lines after this one; 0.' }),
      first: t.arg.int({ description: 'At most this many stored chunks: 1–500; 64.' }),
    },
    resolve: async (_root, args, { app }) => {
      const id = localId('Run', args.runId);
      if (!id || !(await app.db.run.findUnique({ where: { id }, select: { id: true } })))
        return null;
      const after = args.after ?? 0;
      const first = Math.min(500, Math.max(1, args.first ?? 64));
      return { after, ...(await readLog(app.sql, id, after, first)) };
    },
  }),
  runEvents: t.field({
    type: RunEventPage,
    nullable: true,
    description: 'A page of the events; the twin of the subscription. Null when there is no run.',
    authScopes: { read: true },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only events after this one; 0.' }),
      first: t.arg.int({ description: 'At most this many: 1–1000; 500.' }),
    },
    resolve: async (_root, args, { app }) => {
      const id = localId('Run', args.runId);
      if (!id || !(await app.db.run.findUnique({ where: { id }, select: { id: true } })))
        return null;
      const after = args.after ?? 0;
      const first = Math.min(1000, Math.max(1, args.first ?? 500));
      return { after, ...(await readEvents(app.sql, id, after, first)) };
    },
  }),
}));

builder.subscriptionFields((t) => ({
  runLogs: t.field({
    type: RunLogEvent,
    description:
      'The log after your cursor, then as it is written, without a gap. Each batch carries its ' +
      'last line number: subscribe again with it as `after` and nothing is lost or repeated. Ends ' +
      'by itself after StreamCompleted; at once when there is no such run.',
    authScopes: { read: true },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only lines after this one; 0.' }),
    },
    subscribe: (_root, { runId, after }, { app }) => {
      const id = localId('Run', runId);
      return id ? followLog(app, id, after ?? 0) : nothing<RunLogEventShape>();
    },
    resolve: (event) => event,
  }),
  runEvents: t.field({
    type: RunStreamEvent,
    description:
      'The events after your cursor, then as they happen, with metric points as they come. Ends by ' +
      'itself after StreamCompleted, when the run and its evaluations are done; at once when there ' +
      'is no such run.',
    authScopes: { read: true },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only events after this one; 0.' }),
      metricsAfter: t.arg({
        type: 'BigInt',
        description: 'Metric points after this one (`Run.lastMetricSeq`); from now on without.',
      }),
    },
    subscribe: (_root, { runId, after, metricsAfter }, { app }) => {
      const id = localId('Run', runId);
      return id
        ? followEvents(app, id, after ?? 0, metricsAfter ?? null)
        : nothing<RunStreamEventShape>();
    },
    resolve: (event) => event,
  }),
  runsChanged: t.field({
    type: RunsChangedEvent,
    description: 'First every run that is not finished, then each run that is new or changes.',
    authScopes: { read: true },
    subscribe: (_root, _args, { app }) => followRuns(app),
    resolve: (event) => event,
  }),
}));
