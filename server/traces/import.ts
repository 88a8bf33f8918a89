import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { App } from '../app.ts';
import type { Issue } from '../errors.ts';
import { type Line, splitLines } from '../lib/jsonl.ts';
import { parse } from '../lib/parse.ts';
import { displayable, head } from '../lib/text.ts';
import { parseTrace, sizeIssue } from './create.ts';
import { TraceLabels, type TracePayload } from './model.ts';
import { storeTraces } from './store.ts';

const BATCH_LINES = 500;
const BATCH_BYTES = 2 * 1024 * 1024;
const REPORT_LINES = 1000;

export type LineIssue = Issue & { line: number; byteOffset: number };
export type ImportResult = {
  importId: string;
  status: 'COMPLETED';
  lines: number;
  stored: number;
  duplicates: number;
  rejected: number;
  bytes: number;
  /** The first 1000 refused lines, the first broken rule of each; all are counted. */
  report: LineIssue[];
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseLine(entry: Line, maxBytes: number): { payload: TracePayload } | { issue: Issue } {
  if ('tooLong' in entry) return { issue: sizeIssue(entry.tooLong, maxBytes) };
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(entry.bytes));
  } catch (error) {
    const code = error instanceof SyntaxError ? 'BAD_JSON' : 'BAD_UTF8';
    const reason = error instanceof Error ? error.message : String(error);
    return { issue: { path: [], code, message: `The line cannot be read: ${reason}.` } };
  }
  const { payload, issues } = parseTrace(value, maxBytes);
  if (payload) return { payload };
  return { issue: issues[0] ?? { path: [], code: 'INVALID', message: 'The line is no trace.' } };
}

/**
 * Imports NDJSON of any length in bounded memory: each line is validated completely, good lines are
 * stored in batches with the counts in one transaction, bad ones are reported by number.
 * @throws ValidationError when the labels are bad; the stream is then not read.
 */
export async function importTraces(
  app: Pick<App, 'sql' | 'db' | 'config' | 'bell'>,
  source: AsyncIterable<Uint8Array>,
  options: { name?: string | undefined } & z.input<typeof TraceLabels>,
): Promise<ImportResult> {
  const { name, ...rest } = options;
  const labels = parse(TraceLabels, rest);
  const { maxBytes } = app.config.traces;
  const session = await app.db.importSession.create({
    data: { id: randomUUIDv7(), name: name === undefined ? null : head(displayable(name), 256) },
  });
  const result: ImportResult = {
    importId: session.id,
    status: 'COMPLETED',
    lines: 0,
    stored: 0,
    duplicates: 0,
    rejected: 0,
    bytes: 0,
    report: [],
  };
  let batch: { payload: TracePayload; line: number }[] = [];
  let batchBytes = 0;

  const save = async (final: boolean) => {
    const client = await app.sql.connect();
    try {
      await client.query('BEGIN');
      const stored = await storeTraces(
        client,
        batch.map(({ payload, line }) => ({
          payload,
          source: labels.source ?? null,
          tags: labels.tags ?? [],
          importSessionId: session.id,
          importLine: line,
        })),
      );
      const created = stored.filter((item) => item.created).length;
      result.stored += created;
      result.duplicates += stored.length - created;
      await client.query(
        `UPDATE import_sessions SET lines = $2, stored = $3, duplicates = $4, rejected = $5,
           bytes = $6, report = $7, status = $8::import_status,
           finished_at = CASE WHEN $8 = 'COMPLETED' THEN now() END
         WHERE id = $1`,
        [
          session.id,
          result.lines,
          result.stored,
          result.duplicates,
          result.rejected,
          result.bytes,
          JSON.stringify(result.report),
          final ? 'COMPLETED' : 'RUNNING',
        ],
      );
      await client.query('COMMIT');
    } catch (error) {
      // A broken connection rolls back by itself; what broke it is what counts.
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      client.release();
    }
    batch = [];
    batchBytes = 0;
    app.bell.ring(`import:${session.id}`);
  };

  try {
    for await (const entry of splitLines(source, maxBytes)) {
      const length = 'tooLong' in entry ? entry.tooLong : entry.bytes.length;
      result.bytes = entry.end;
      if ('bytes' in entry && entry.bytes.every((byte) => byte <= 32)) continue;
      result.lines += 1;
      const parsed = parseLine(entry, maxBytes);
      if ('issue' in parsed) {
        result.rejected += 1;
        const { line, byteOffset } = entry;
        if (result.report.length < REPORT_LINES) {
          result.report.push({ line, byteOffset, ...parsed.issue });
        }
        continue;
      }
      batch.push({ payload: parsed.payload, line: entry.line });
      batchBytes += length;
      if (batch.length >= BATCH_LINES || batchBytes >= BATCH_BYTES) await save(false);
    }
    await save(true);
  } catch (error) {
    await app.db.importSession.update({
      where: { id: session.id },
      data: {
        status: 'FAILED',
        error: error instanceof Error ? error.message : String(error),
        finishedAt: new Date(),
      },
    });
    throw error;
  }
  return result;
}
