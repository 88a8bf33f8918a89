/**
 * Writes the log of one attempt: bytes as they came, without secrets, in chunks of whole lines that
 * are numbered without a gap. A lone line is stored at once; what comes while a batch is under way is
 * the next batch. While much is waiting, the caller waits too, and with it the pipe and the child, so
 * a burst fills no memory and loses no line. While the database is away nobody waits: the spool takes
 * what comes, and a mark stands where it could not.
 */
import { join } from 'node:path';
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { lineCutter } from '../lib/lines.ts';
import { isOutage } from '../lib/outage.ts';
import { displayable } from '../lib/text.ts';
import { type Lease, LeaseLostError } from '../runs/lease.ts';
import { untilStored } from '../runs/retry.ts';
import { openBacklog } from './backlog.ts';
import { shown } from './lines.ts';
import { LINE_BYTES } from './model.ts';
import { type OpenLine, watchOpenLine } from './openLine.ts';
import { prepareRedaction } from './redact.ts';
import { secretsOf } from './secrets.ts';
import { type Disk, openSpool, type Piece } from './spool.ts';
import { appendBatch, type Batch, storeOpenLine, toBatch, toChunks } from './store.ts';

/** Batches of single lines are stored at most this often. */
const FLUSH_MS = 5;
/** One statement. */
const BATCH_BYTES = 4 * 1024 * 1024;
const MEMORY_BYTES = 8 * 1024 * 1024;
/** Without an answer for so long, the database counts as away. */
const AWAY_MS = 2_000;
const TAIL_BYTES = 4 * 1024;
const TAIL_LINES = 21;

const STREAMS = ['STDOUT', 'STDERR', 'SYSTEM'] as const;

export type LogWriter = {
  /** Takes bytes, when there is room for them. Rejects once the lease is lost. */
  write(stream: LogStream, bytes: Buffer): Promise<void>;
  /** Adds a line of the system's own. */
  say(line: string): Promise<void>;
  /** The last lines of the whole log, for the run's row. */
  tail(): string;
  /** A text without secrets. */
  redact(text: string): string;
  /** Resolves when everything written is stored. */
  close(): Promise<void>;
};

/** Opens the writer. `signal` ends its retries when the lease is lost; `disk` is for tests. */
export function openLogWriter(
  app: Pick<App, 'sql' | 'bell' | 'log' | 'config' | 'metrics'>,
  lease: Lease,
  signal: AbortSignal,
  disk?: Disk,
): LogWriter {
  const { dataDir, logs } = app.config;
  const path = join(dataDir, 'runs', lease.runId, `log-${lease.epoch}.spool`);
  const backlog = openBacklog(MEMORY_BYTES, openSpool(path, logs.spoolBytes, disk));
  const forgetBacklog = app.metrics.runner.watchBacklog(() => ({
    memory: backlog.bytes,
    spool: backlog.spooled,
  }));
  const redaction = prepareRedaction(secretsOf(app.config));
  const openStream = () => ({ redactor: redaction.open(), cutter: lineCutter(LINE_BYTES) });
  const streams = { STDOUT: openStream(), STDERR: openStream(), SYSTEM: openStream() };
  let seq = lease.lastLogSeq;
  let tail = Buffer.alloc(0);
  let failure: { error: unknown } | null = null;
  let isAway = false;
  let closing = false;
  let pumping: Promise<void> | null = null;
  /** Ends the pause before the next batch. */
  let hurry = () => {};
  const waiting = new Set<() => void>();

  const wake = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const setAway = (away: boolean) => {
    isAway = away;
    if (away) wake();
  };
  const failed = Promise.withResolvers<void>();
  const fail = (error: unknown) => {
    failure ??= { error };
    forgetBacklog();
    backlog.close();
    openLine.close();
    wake();
    failed.resolve();
  };

  /** One statement at a time, in order. */
  let statements: Promise<void> = Promise.resolve();
  const inOrder = (statement: () => Promise<void>) => {
    statements = statements.then(statement);
    return statements;
  };

  const openLine = watchOpenLine((line: OpenLine) => {
    if (isAway || failure) return;
    const tell = async () => {
      await storeOpenLine(app, lease, line);
      app.bell.ring(`run:${lease.runId}`);
    };
    // To show it is a courtesy; the next one comes soon.
    const skip = (error: unknown) => app.log.debug({ err: error }, 'unfinished line not shown');
    inOrder(() => tell().catch(skip)).catch(fail);
  });

  const end = () => fail(new LeaseLostError(lease.runId, lease.epoch));
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });

  const send = async (batch: Batch) => {
    const lineEnded = openLine.takeEnded();
    await untilStored(signal, app.log, async () => {
      if (failure) throw failure.error;
      try {
        await app.metrics.common.timeWrite('append_log', () =>
          appendBatch(app, lease, batch, lineEnded),
        );
      } catch (error) {
        if (isOutage(error)) setAway(true);
        throw error;
      }
    });
  };
  const store = async (batch: Batch) => {
    // From here and not from its own statement on: the one before, of an unfinished line, may hang.
    const late = setTimeout(setAway, AWAY_MS, true);
    try {
      await inOrder(() => send(batch));
    } finally {
      clearTimeout(late);
    }
    setAway(false);
    app.bell.ring(`run:${lease.runId}`);
  };

  const pump = async () => {
    let storing: Promise<void> = Promise.resolve();
    while (!backlog.isEmpty) {
      const startedAt = performance.now();
      const chunks = toChunks(backlog.take(BATCH_BYTES), seq);
      if (!isAway) wake();
      seq = chunks.at(-1)?.lastSeq ?? seq;
      // The next batch is compressed while the one before is under way.
      const batch = await toBatch(chunks);
      await storing;
      storing = store(batch);
      storing.catch(fail);
      if (backlog.bytes < LINE_BYTES) {
        await storing;
        const rest = startedAt + FLUSH_MS - performance.now();
        if (rest > 0 && !closing) await nap(rest);
      }
    }
    await storing;
  };
  const nap = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
      if (backlog.bytes >= LINE_BYTES) hurry();
    });
  const begin = () => {
    if (backlog.bytes >= LINE_BYTES) hurry();
    pumping ??= pump()
      .catch(fail)
      .finally(() => {
        pumping = null;
        if (!backlog.isEmpty && !failure) begin();
      });
  };
  const add = (piece: Piece) => {
    backlog.add(piece, !isAway);
    tail = Buffer.concat([tail, piece.bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
  };

  const take = (stream: LogStream, bytes: Buffer) => {
    const { cutter } = streams[stream];
    const pieces = cutter.push(bytes);
    for (const piece of pieces) add({ stream, ...piece, lost: null });
    openLine.see(stream, cutter.rest, pieces.length > 0);
    if (pieces.length > 0) begin();
  };

  const write = async (stream: LogStream, bytes: Buffer) => {
    while (backlog.isFull && !isAway && !failure) {
      await new Promise<void>((resume) => waiting.add(resume));
    }
    if (failure) throw failure.error;
    take(stream, streams[stream].redactor.push(bytes));
  };

  return {
    write,
    say: (line) => write('SYSTEM', Buffer.from(`${line}\n`)),
    tail() {
      const lines = tail.toString('utf8').split('\n').slice(-TAIL_LINES);
      return displayable(lines.map(shown).join('\n').trim());
    },
    redact: redaction.text,
    async close() {
      closing = true;
      for (const stream of STREAMS) {
        const { redactor, cutter } = streams[stream];
        take(stream, redactor.end());
        for (const piece of cutter.end()) add({ stream, ...piece, lost: null });
        openLine.see(stream, cutter.rest, true);
      }
      openLine.close();
      if (!backlog.isEmpty) begin();
      hurry();
      // A statement that hangs is not waited for once nothing may be written.
      while (pumping && !failure) await Promise.race([pumping, failed.promise]);
      await Promise.race([statements, failed.promise]);
      forgetBacklog();
      backlog.close();
      if (failure) throw failure.error;
    },
  };
}
