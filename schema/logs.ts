import type { LogStream as LogStreamValue } from '../prisma/generated/client/enums.ts';
import { followLog, type RunLogEvent as RunLogEventShape } from '../server/runs/follow.ts';
import { type LogBatch, readLog } from '../server/runs/read.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';

import { nothing, StreamCompleted, StreamPhase } from './phases.ts';

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
}));
