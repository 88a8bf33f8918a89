/**
 * Imports a file of any length in bounded memory. Each record is validated completely; good ones are
 * stored in batches, bad ones are reported by number. While one batch is written the next is read, and
 * the source waits for both.
 */
import { Readable } from 'node:stream';
import { setImmediate as otherWork } from 'node:timers/promises';
import type { App } from '../app.ts';
import { GzipError, gunzip } from '../lib/gunzip.ts';
import { parse } from '../lib/parse.ts';
import type { RawRecord } from '../lib/records.ts';
import { BATCH_BYTES, BATCH_LINES, type Batch, cancelled, saveBatch } from './importBatch.ts';
import { recordSplitter } from './importFormat.ts';
import { ImportFault, ImportOptions, type ImportResult } from './importModel.ts';
import { openReport } from './importReport.ts';
import {
  endSession,
  openSession,
  readSession,
  resultOf,
  type Session,
  touchSession,
} from './importSession.ts';
import { openPacker } from './packing.ts';
import { lineIssue, readRecord } from './readRecord.ts';
import { type PackedRow, toRow } from './row.ts';

type Needs = Pick<App, 'sql' | 'config' | 'bell' | 'log' | 'metrics'>;

/** How often a connection that brings nothing says that it lives, and looks whether it should stop. */
const TOUCH_MS = 5_000;

/** The bytes of a file, perhaps from the middle, perhaps packed. */
type Source = AsyncIterable<Uint8Array>;

/** What broke the source itself: the connection is lost. */
class SourceError extends Error {}

/**
 * Imports a file, or goes on with the import of its key.
 * @throws ValidationError when an option is bad: nothing was read.
 * @throws ImportFault when it does not begin, or ends before the file does; `result` has the counts.
 */
export async function importTraces(
  app: Needs,
  source: Source,
  input: unknown,
): Promise<ImportResult> {
  const options = parse(ImportOptions, input);
  const session = await openSession(app.sql, options);
  if (session.status === 'COMPLETED') return resultOf(session, true);
  if (session.key) app.bell.ring(`import:${session.key}`);
  app.bell.ring(`import:${session.id}`);
  try {
    if (session.status === 'CANCELLED') throw cancelled();
    await readAll(app, session, source, options);
  } catch (error) {
    throw await broken(app, session, error);
  } finally {
    app.bell.ring(`import:${session.id}`);
    app.bell.ring('traces');
  }
  return resultOf(await readSession(app.sql, session.id));
}

/** Notes how the import ended, and gives the error to throw. */
async function broken(app: Needs, session: Session, error: unknown): Promise<unknown> {
  const fault = error instanceof GzipError ? new ImportFault(error.code, error.message) : error;
  const isLost = fault instanceof SourceError;
  const code = fault instanceof ImportFault ? fault.code : null;
  try {
    if (code === 'IMPORT_CANCELLED') await endSession(app.sql, session, 'CANCELLED');
    else if (isLost || code === 'DATABASE_AWAY') {
      await endSession(app.sql, session, 'INTERRUPTED', isLost ? 'The connection was lost.' : null);
    } else if (code !== 'IMPORT_TAKEN_OVER') {
      const message = code
        ? (fault as Error).message
        : 'Unexpected error. The log of the server has more.';
      await endSession(app.sql, session, 'FAILED', message);
    }
    if (fault instanceof ImportFault)
      fault.result = resultOf(await readSession(app.sql, session.id));
  } catch (failed) {
    app.log.warn({ err: failed, importId: session.id }, 'end of an import not noted');
  }
  return isLost ? fault.cause : fault;
}

async function readAll(
  app: Needs,
  session: Session,
  source: Source,
  options: ImportOptions,
): Promise<void> {
  const { maxBytes } = app.config.traces;
  const { line = 1, format } = session.position;
  const from = format && session.bytes > 0 ? { line, byteOffset: session.bytes, format } : null;
  const splitter = recordSplitter(options.format, maxBytes, from);
  const report = openReport(session, () => splitter.format ?? undefined);
  const labels = { source: options.source ?? null, tags: options.tags ?? [] };
  const reading = { maxBytes, mapping: options.mapping ?? null };
  const packer = openPacker();
  let rows: PackedRow[] = [];
  let size = 0;
  let saving: Promise<unknown> = Promise.resolve();

  /** Hands the batch over to be written, when the one before is. */
  const save = async (isLast = false) => {
    const batch: Batch = { rows, progress: report.snapshot(), isLast };
    rows = [];
    size = 0;
    await saving;
    saving = saveBatch(app, session, batch);
    packer.next();
    saving.catch(() => {}); // whoever waits for it next is told
  };

  /** Takes a record in. Returns whether the batch is full. */
  const take = (raw: RawRecord): boolean => {
    if ('fault' in raw) throw new ImportFault(raw.fault.code, raw.fault.message);
    report.reached(raw.line + 1, raw.end);
    if (splitter.format === 'NDJSON' && 'bytes' in raw && isBlank(raw.bytes)) return false;
    report.count();
    size += 'bytes' in raw ? raw.bytes.length : 0;
    const { trace, issues } = readRecord(raw, reading);
    if (trace) {
      const more = { ...labels, importSessionId: session.id, importLine: raw.line };
      rows.push(packer.pack(toRow({ ...trace, ...more })));
    } else if (issues[0]) {
      report.reject(lineIssue(raw, issues[0]));
      const { maxErrors } = options;
      if (typeof maxErrors === 'number' && report.rejected > maxErrors) {
        const message = `More than ${maxErrors} lines are no valid trace; the rest was not read.`;
        throw new ImportFault('TOO_MANY_ERRORS', message);
      }
    }
    return rows.length >= BATCH_LINES || size >= BATCH_BYTES;
  };

  const stopped = new AbortController();
  const body = Readable.from(marked(source), { objectMode: false, signal: stopped.signal });
  const watch = setInterval(() => {
    touchSession(app.sql, session).then(
      ({ isCancelRequested }) => isCancelRequested && stopped.abort(cancelled()),
      (error: unknown) => error instanceof ImportFault && stopped.abort(error),
    );
  }, TOUCH_MS);
  try {
    const bytes = options.isGzip ? gunzip(body) : (body as Source);
    let end = session.bytes;
    for await (const chunk of skip(bytes, session.bytes - options.offset)) {
      end += chunk.length;
      for (const raw of splitter.push(chunk)) if (take(raw)) await save();
      // Chunks that are there already come without a turn of the event loop: the batch before would
      // not be sent to the database until this one is read, and every request would wait.
      await otherWork();
    }
    for (const raw of splitter.end()) if (take(raw)) await save();
    report.ended(end);
    await save(true);
    await saving;
  } catch (error) {
    const { reason } = stopped.signal;
    if (reason instanceof ImportFault) throw reason;
    await saving;
    // What was read before it broke is as good as the rest.
    if (error instanceof SourceError || error instanceof GzipError || isOurs(error)) {
      await save();
      await saving;
    }
    throw error;
  } finally {
    clearInterval(watch);
    await saving.catch(() => {});
  }
}

/** Whether the records before it are to be kept: it is about the file, not about who may write. */
const isOurs = (error: unknown) =>
  error instanceof ImportFault &&
  !['IMPORT_CANCELLED', 'IMPORT_TAKEN_OVER', 'DATABASE_AWAY'].includes(error.code);

const isBlank = (bytes: Buffer) => {
  for (const byte of bytes) if (byte > 32) return false;
  return true;
};

/** The source, whose own errors are told apart, and which is left open for an answer. */
async function* marked(source: Source): AsyncGenerator<Uint8Array, void> {
  const chunks = source[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      throw new SourceError('the source broke', { cause: error });
    }
    if (next.done) return;
    yield next.value;
  }
}

async function* skip(source: Source, count: number) {
  let left = count;
  for await (const chunk of source) {
    if (left < chunk.length) yield left > 0 ? chunk.subarray(left) : chunk;
    left = Math.max(0, left - chunk.length);
  }
}
