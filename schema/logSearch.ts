import type { LogLine } from '../server/logs/model.ts';
import { type LogSearchPage as LogSearchPageShape, searchLog } from '../server/logs/search.ts';
import {
  type LogAttempt as LogAttemptShape,
  type LogSummary as LogSummaryShape,
  summariseLog,
} from '../server/logs/summary.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { LogStream, lineFields } from './logs.ts';

const LogMatch = builder.objectRef<LogLine>('LogMatch').implement({
  description: 'A line that a search found.',
  fields: (t) =>
    lineFields(
      t,
      'What a terminal shows of it: the 500 characters around the first match, with `…` where ' +
        'something was left out.',
    ),
});

const LogSearchPage = builder.objectRef<LogSearchPageShape>('LogSearchPage').implement({
  description: 'Some of the lines that a search found.',
  fields: (t) => ({
    matches: t.expose('matches', { type: [LogMatch], description: 'The lines in order.' }),
    totalCount: t.int({
      description:
        'How many lines of the whole log match, those of other pages included. To count them, the ' +
        'whole log is read; ask for it once.',
      resolve: async ({ count }) => (await count()).total,
    }),
    totalIsExact: t.boolean({
      description:
        'False when counting was given up after two seconds: there are at least as many.',
      resolve: async ({ count }) => (await count()).isExact,
    }),
    endSeq: t.expose('endSeq', {
      type: 'BigInt',
      description:
        'The cursor for the next call: its `after`, or its `before` when this one had one. When no ' +
        'more is found, the last line looked at.',
    }),
    hasMore: t.exposeBoolean('hasMore', {
      description: 'Whether more lines match after these; before these when `before` was given.',
    }),
  }),
});

const LogAttempt = builder.objectRef<LogAttemptShape>('LogAttempt').implement({
  description: 'The lines of one attempt.',
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'Its number.' }),
    firstSeq: t.expose('firstSeq', { type: 'BigInt', description: 'Its first line.' }),
    lastSeq: t.expose('lastSeq', { type: 'BigInt', description: 'Its last line so far.' }),
  }),
});

const LogSummary = builder.objectRef<LogSummaryShape>('LogSummary').implement({
  description: 'What is stored of a log.',
  fields: (t) => {
    const count = (description: string, resolve: (log: LogSummaryShape) => number) =>
      t.field({ type: 'BigInt', description, resolve });
    return {
      lines: count('How many lines, marks of gaps included.', (log) => log.lines),
      bytes: count('How many bytes they are.', (log) => log.bytes),
      attempts: t.expose('attempts', {
        type: [LogAttempt],
        description: 'The attempts that wrote something, in order.',
      }),
      stdoutLines: count('Lines of STDOUT.', (log) => log.linesOf.STDOUT),
      stderrLines: count('Lines of STDERR.', (log) => log.linesOf.STDERR),
      systemLines: count('Lines of SYSTEM.', (log) => log.linesOf.SYSTEM),
      gaps: t.exposeInt('gaps', { description: 'How many marks say that bytes were lost.' }),
      deletedAt: t.expose('deletedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When its lines were deleted by age (LOG_RETENTION_DAYS); null while kept.',
      }),
    };
  },
});

builder.prismaObjectFields('Run', (t) => ({
  log: t.field({
    type: LogSummary,
    description: 'What is stored of its log.',
    select: { id: true },
    resolve: ({ id }, _args, { app }) => summariseLog(app.sql, id),
  }),
  logUrl: t.string({
    description:
      'Path of the whole log as a file, bytes as they were written. `?attempt=` and `?stream=stdout`, ' +
      '`stderr` or `system` choose some of it.',
    select: { number: true },
    resolve: ({ number }) => `/export/runs/${number}/log.txt`,
  }),
}));

builder.queryFields((t) => ({
  runLogSearch: t.field({
    type: LogSearchPage,
    nullable: true,
    description:
      'Looks for a text in every stored line of a run, as a terminal shows it. Null when there is no ' +
      'run.',
    authScopes: { scope: 'READ' },
    args: {
      runId: t.arg.id({ required: true, description: 'The `id` of a run.' }),
      query: t.arg.string({
        required: true,
        description: 'The text, 0–500 characters. Empty: every line of the chosen streams.',
      }),
      caseSensitive: t.arg.boolean({ description: 'Whether `A` differs from `a`; false.' }),
      streams: t.arg({ type: [LogStream], description: 'Only lines of these; all.' }),
      attempt: t.arg.int({ description: 'Only lines of this attempt; all.' }),
      after: t.arg({ type: 'BigInt', description: 'Only matches after this line; 0.' }),
      before: t.arg({
        type: 'BigInt',
        description: 'Only matches before this line, and of them the last ones, in order.',
      }),
      first: t.arg.int({ description: 'At most this many: 1–1000; 100.' }),
    },
    resolve: async (_root, args, { app, request }) => {
      const id = localId('Run', args.runId);
      if (!id) return null;
      const search = {
        query: args.query,
        caseSensitive: args.caseSensitive ?? false,
        streams: args.streams ?? null,
        attempt: args.attempt ?? null,
        after: args.after ?? 0,
        before: args.before ?? null,
        first: args.first ?? 100,
      };
      return searchLog(app, id, search, request?.signal);
    },
  }),
}));
