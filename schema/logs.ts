import type { LogStream as LogStreamValue } from '../prisma/generated/client/enums.ts';
import { followLog, type RunLogEvent as RunLogEventShape } from '../server/logs/follow.ts';
import { shown, textOf } from '../server/logs/lines.ts';
import type {
  LogBatch,
  LogGap as LogGapShape,
  LogLine as LogLineShape,
  LogOpenLine as LogOpenLineShape,
} from '../server/logs/model.ts';
import { type LogPage, readPage } from '../server/logs/page.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { nothing, StreamCompleted, StreamPhase } from './phases.ts';

export const LogStream = builder.enumType('LogStream', {
  description: 'Who wrote a line.',
  values: {
    STDOUT: { description: 'The training process, as output.' },
    STDERR: { description: 'The training process, as diagnostics.' },
    SYSTEM: { description: 'The runner itself.' },
  } satisfies Record<LogStreamValue, object>,
});

type LineFields = PothosSchemaTypes.ObjectFieldBuilder<
  typeof builder.$inferSchemaTypes,
  LogLineShape
>;

/** The fields of a line, whatever of its text is shown. */
export const lineFields = (t: LineFields, text: string) => ({
  seq: t.expose('seq', { type: 'BigInt', description: 'Its number in the run, from 1.' }),
  attempt: t.exposeInt('attempt', { description: 'The attempt it belongs to.' }),
  stream: t.expose('stream', { type: LogStream, description: 'Who wrote it.' }),
  text: t.exposeString('text', { description: text }),
  at: t.expose('at', { type: 'DateTime', description: 'When it was stored.' }),
});

const LogLine = builder.objectRef<LogLineShape>('LogLine').implement({
  description: 'One line of a log.',
  fields: (t) =>
    lineFields(
      t,
      'What a terminal shows of it, without the newline: what follows a carriage return takes the ' +
        'place of what stood before it.',
    ),
});

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
        'at 64 KB or the stream ended. Carriage returns are as they came: to show a line, drop ' +
        'those at its end, then all up to the last that is left ' +
        "(`line.replace(/\\r+$/, '').replace(/^.*\\r/s, '')`). Bytes that are no UTF-8 are U+FFFD " +
        'here, and as they were in the file behind `Run.logUrl`.',
      resolve: textOf,
    }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When the first was stored.' }),
    lines: t.field({
      type: [LogLine],
      description: 'The lines one by one.',
      resolve: (batch): LogLineShape[] => {
        const { firstSeq, lastSeq, attempt, stream, createdAt: at } = batch;
        const texts = textOf(batch)
          .split('\n')
          .slice(0, lastSeq - firstSeq + 1);
        return texts.map((text, index) => ({
          ...{ seq: firstSeq + index, attempt, stream, text: shown(text), at },
        }));
      },
    }),
  }),
});

const LogGap = builder.objectRef<LogGapShape>('LogGap').implement({
  description:
    'A mark in the stream: here bytes were lost, because the database was away and the disk of the ' +
    'runner was full. It has a line number of its own, which moves the cursor.',
  fields: (t) => ({
    seq: t.expose('firstSeq', { type: 'BigInt', description: 'Its number in the run.' }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that wrote them.' }),
    lostBytes: t.expose('lostBytes', { type: 'BigInt', description: 'How many bytes are lost.' }),
    lostLines: t.expose('lostLines', { type: 'BigInt', description: 'How many lines they were.' }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When the mark was stored.' }),
  }),
});

const LogOpenLine = builder.objectRef<LogOpenLineShape>('LogOpenLine').implement({
  description:
    'What stands in a line that is not finished, such as a progress bar; sent at most four times a ' +
    'second. The next one replaces it, and so does the batch or gap that holds `seq`. Empty text ' +
    'removes it. It never moves the cursor and is not part of the log.',
  fields: (t) => ({
    seq: t.expose('seq', {
      type: 'BigInt',
      description: 'The number the line would have if it ended now.',
    }),
    attempt: t.exposeInt('attempt', { description: 'The attempt that writes it.' }),
    stream: t.expose('stream', { type: LogStream, description: 'Who writes it.' }),
    text: t.exposeString('text', {
      description: 'What a terminal shows of it, its last 500 characters.',
    }),
  }),
});

const RunLogEvent = builder.unionType('RunLogEvent', {
  description: 'A message of the log stream.',
  types: [LogBatchType, LogGap, LogOpenLine, StreamPhase, StreamCompleted],
  resolveType: (event) => {
    const { kind } = event as RunLogEventShape;
    switch (kind) {
      case 'batch':
        return LogBatchType;
      case 'gap':
        return LogGap;
      case 'open':
        return LogOpenLine;
      case 'phase':
        return StreamPhase;
      case 'completed':
        return StreamCompleted;
      default:
        return kind satisfies never;
    }
  },
});

const RunLogPage = builder.objectRef<LogPage>('RunLogPage').implement({
  description: 'Some of the log of a run, without a hole between `startSeq` and `endSeq`.',
  fields: (t) => ({
    batches: t.field({
      type: [LogBatchType],
      description: 'The lines.',
      resolve: ({ parts }) => parts.filter((part) => part.kind === 'batch'),
    }),
    gaps: t.field({
      type: [LogGap],
      description: 'The marks among them; each stands between two batches.',
      resolve: ({ parts }) => parts.filter((part) => part.kind === 'gap'),
    }),
    startSeq: t.field({
      type: 'BigInt',
      description: 'Number of the first line or mark; the one after `after` when there is none.',
      resolve: ({ parts, after }) => parts[0]?.firstSeq ?? after + 1,
    }),
    endSeq: t.field({
      type: 'BigInt',
      description: 'The cursor for the next call.',
      resolve: ({ parts, after }) => parts.at(-1)?.lastSeq ?? after,
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether more is stored already.' }),
  }),
});

builder.queryFields((t) => ({
  runLogs: t.field({
    type: RunLogPage,
    nullable: true,
    description: 'A page of the log; the twin of the subscription. Null when there is no run.',
    authScopes: { scope: 'READ' },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      after: t.arg({ type: 'BigInt', description: 'Only lines after this one; 0.' }),
      first: t.arg.int({ description: 'At most this many stored chunks: 1–500; 64.' }),
      maxLines: t.arg.int({
        description:
          'At most this many lines: 1–100000, cut at a line; as many as the chunks hold. With it, ' +
          '`first` has no default.',
      }),
    },
    resolve: async (_root, { runId, after, first, maxLines }, { app }) => {
      const id = localId('Run', runId);
      return id ? readPage(app, id, { after: after ?? 0, chunks: first, lines: maxLines }) : null;
    },
  }),
}));

builder.subscriptionFields((t) => ({
  runLogs: t.field({
    type: RunLogEvent,
    description:
      'The log after your cursor, then as it is written, without a gap that is not marked. Each ' +
      'batch carries its last line number: subscribe again with it as `after` and nothing is lost ' +
      'or repeated. Ends by itself after StreamCompleted; at once when there is no such run. When ' +
      'the lines were deleted (`Run.log.deletedAt`) it completes without them.',
    authScopes: { scope: 'READ' },
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
