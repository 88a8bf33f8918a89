/**
 * Writes the log of one attempt: bytes as they came, in chunks of whole lines, numbered without a
 * gap. One batch is under way at a time; while much is waiting, the writer's caller waits too, and
 * with it the pipe and the child, so a burst fills no memory and loses no line.
 */
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { lineCutter, type Piece } from '../lib/lines.ts';
import { displayable } from '../lib/text.ts';
import { type Lease, LeaseLostError } from './lease.ts';
import { untilStored } from './retry.ts';

const FLUSH_MS = 100;
const CHUNK_BYTES = 64 * 1024;
const PENDING_BYTES = 4 * 1024 * 1024;
const TAIL_BYTES = 4 * 1024;

type Chunk = { stream: LogStream; parts: Buffer[]; bytes: number; lines: number };
type Row = { firstSeq: number; lastSeq: number; stream: LogStream; data: Buffer };

export type LogWriter = {
  /** Takes bytes; resolves when there is room for more. Rejects once the lease is lost. */
  write(stream: LogStream, bytes: Buffer): Promise<void>;
  /** Adds a line of the system's own. */
  say(line: string): Promise<void>;
  /** The last lines of the whole log, for the run's row. */
  tail(): string;
  /** Resolves when everything written is stored. */
  close(): Promise<void>;
};

// The fence updates the counter and the rows follow in the same statement: a batch is stored once,
// by the current attempt, right behind the one before, or not at all.
const APPEND = `
  WITH fence AS (
    UPDATE runs SET last_log_seq = $4
    WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' AND last_log_seq = $3
    RETURNING id)
  INSERT INTO log_chunks (run_id, first_seq, last_seq, attempt, stream, data, bytes, created_at)
  SELECT fence.id, first_seq, last_seq, $2, stream::log_stream, data, octet_length(data),
         clock_timestamp()
  FROM fence, unnest($5::bigint[], $6::bigint[], $7::text[], $8::bytea[])
    AS chunk(first_seq, last_seq, stream, data)`;

/** Opens the writer. `signal` ends its retries when the lease is lost. */
export function openLogWriter(
  app: Pick<App, 'sql' | 'bell' | 'log'>,
  lease: Lease,
  signal: AbortSignal,
): LogWriter {
  let seq = lease.lastLogSeq;
  let pending: Chunk[] = [];
  let pendingBytes = 0;
  let tail = Buffer.alloc(0);
  let failure: unknown;
  let flushing: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  const cutters = {
    STDOUT: lineCutter(CHUNK_BYTES),
    STDERR: lineCutter(CHUNK_BYTES),
    SYSTEM: lineCutter(CHUNK_BYTES),
  };

  const add = (stream: LogStream, { bytes, lines }: Piece) => {
    const last = pending.at(-1);
    const complete = last?.parts.at(-1)?.at(-1) === 10;
    if (last && last.stream === stream && complete && last.bytes + bytes.length <= CHUNK_BYTES) {
      last.parts.push(bytes);
      last.bytes += bytes.length;
      last.lines += lines;
    } else {
      pending.push({ stream, parts: [bytes], bytes: bytes.length, lines });
    }
    pendingBytes += bytes.length;
    tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
  };

  const store = async (rows: Row[]) => {
    const first = rows[0];
    const last = rows.at(-1);
    if (!first || !last) return;
    const values = [
      lease.runId,
      lease.epoch,
      first.firstSeq - 1,
      last.lastSeq,
      rows.map((row) => row.firstSeq),
      rows.map((row) => row.lastSeq),
      rows.map((row) => row.stream),
      rows.map((row) => row.data),
    ];
    await untilStored(signal, app.log, async () => {
      const { rowCount } = await app.sql.query(APPEND, values);
      if (rowCount === rows.length || (await alreadyStored(app, lease, last.lastSeq))) return;
      throw new LeaseLostError(lease.runId, lease.epoch);
    });
    app.bell.ring(`run:${lease.runId}`);
  };

  const flush = async () => {
    while (pending.length > 0) {
      const rows = pending.map(({ stream, parts, lines }): Row => {
        const firstSeq = seq + 1;
        seq += lines;
        return { firstSeq, lastSeq: seq, stream, data: Buffer.concat(parts) };
      });
      pending = [];
      pendingBytes = 0;
      wake?.();
      await store(rows);
      // Gather the next batch while waiting; a full one goes at once.
      if (pendingBytes < CHUNK_BYTES && pending.length > 0) await nap();
    }
  };

  const nap = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FLUSH_MS);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  let hurry: (() => void) | null = null;

  const begin = () => {
    flushing ??= nap()
      .then(flush)
      .catch((error: unknown) => {
        failure = error;
        pending = [];
        wake?.();
      })
      .finally(() => {
        flushing = null;
        if (pending.length > 0 && !failure) begin();
      });
    if (pendingBytes >= CHUNK_BYTES) hurry?.();
  };

  const write = async (stream: LogStream, bytes: Buffer) => {
    if (failure) throw failure;
    for (const piece of cutters[stream].push(bytes)) add(stream, piece);
    if (pending.length > 0) begin();
    if (pendingBytes < PENDING_BYTES) return;
    await new Promise<void>((resolve) => {
      const before = wake;
      wake = () => {
        wake = null;
        before?.();
        resolve();
      };
    });
    if (failure) throw failure;
  };

  return {
    write,
    say: (line) => write('SYSTEM', Buffer.from(`${line}\n`)),
    tail: () => displayable(tail.toString('utf8').split('\n').slice(-21).join('\n').trim()),
    async close() {
      for (const stream of ['STDOUT', 'STDERR', 'SYSTEM'] as const) {
        for (const piece of cutters[stream].end()) add(stream, piece);
      }
      if (pending.length > 0) begin();
      while (flushing) {
        hurry?.();
        await flushing;
      }
      if (failure) throw failure;
    },
  };
}

/** Whether a batch whose answer was lost had been committed after all. */
async function alreadyStored(app: Pick<App, 'sql'>, lease: Lease, lastSeq: number) {
  const { rows } = await app.sql.query(
    `SELECT 1 FROM runs WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' AND last_log_seq = $3`,
    [lease.runId, lease.epoch, lastSeq],
  );
  return rows.length > 0;
}
