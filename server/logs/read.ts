/** Pages of a log, in order, from the table. */
import type { Pool } from 'pg';
import type { LogEncoding, LogStream } from '../../prisma/generated/client/enums.ts';
import { decode } from './encoding.ts';
import { join, trim } from './lines.ts';
import { CHUNK_BYTES, type LogPart } from './model.ts';

type Row = {
  firstSeq: number;
  lastSeq: number;
  attempt: number;
  stream: LogStream;
  data: Buffer;
  bytes: number;
  encoding: LogEncoding;
  lostBytes: number | null;
  lostLines: number | null;
  createdAt: Date;
};

/** From where on a log is wanted: everything after line `after`. */
export type Place = { runId: string; after: number };

export type Limits = { chunks: number; bytes: number };

/** What one reader holds in memory: small chunks by number, large ones by their bytes. */
const PAGE: Limits = { chunks: 4096, bytes: 4 * 1024 * 1024 };

// The chunk that holds `after` may begin before it; the one with the greatest start does. A page has
// one chunk at least, however large.
const CHUNKS = `
  SELECT place.position::int, page.first_seq AS "firstSeq", page.last_seq AS "lastSeq", page.attempt,
         page.stream, page.data, page.bytes, page.encoding, page.lost_bytes AS "lostBytes",
         page.lost_lines AS "lostLines", page.created_at AS "createdAt"
  FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS place(run_id, after, position)
  CROSS JOIN LATERAL (
    SELECT *, sum(bytes) OVER (ORDER BY first_seq) - bytes AS before
    FROM (
      SELECT * FROM log_chunks
      WHERE run_id = place.run_id AND last_seq > place.after AND first_seq >= coalesce(
        (SELECT max(first_seq) FROM log_chunks
         WHERE run_id = place.run_id AND first_seq <= place.after), 0)
      ORDER BY first_seq LIMIT $3) chunk) page
  WHERE page.before < $4
  ORDER BY place.position, page.first_seq`;

// The same, but from a line back to another.
const CHUNKS_BEFORE = `
  SELECT first_seq AS "firstSeq", last_seq AS "lastSeq", attempt, stream, data, bytes, encoding,
         lost_bytes AS "lostBytes", lost_lines AS "lostLines", created_at AS "createdAt"
  FROM (
    SELECT *, sum(bytes) OVER (ORDER BY first_seq DESC) - bytes AS after
    FROM (
      SELECT * FROM log_chunks WHERE run_id = $1 AND first_seq < $2 AND last_seq > $5
      ORDER BY first_seq DESC LIMIT $3) chunk) page
  WHERE page.after < $4
  ORDER BY first_seq`;

function toPart(row: Row): LogPart {
  const { bytes, encoding, lostBytes, lostLines, ...stored } = row;
  const data = decode(encoding, stored.data, bytes);
  return lostBytes === null || lostLines === null
    ? { kind: 'batch', ...stored, data }
    : { kind: 'gap', ...stored, data, lostBytes, lostLines };
}

/** The chunks after each of many places, in one statement; each place has the whole limit. */
export async function readPlaces(
  sql: Pool,
  places: readonly Place[],
  { chunks, bytes }: Limits,
): Promise<LogPart[][]> {
  const runIds = places.map(({ runId }) => runId);
  const afters = places.map(({ after }) => after);
  const values = [runIds, afters, chunks, bytes];
  const { rows } = await sql.query<Row & { position: number }>({
    ...{ name: 'log-chunks', text: CHUNKS, values },
  });
  const found = places.map((): LogPart[] => []);
  for (const { position, ...row } of rows) {
    const at = position - 1;
    found[at]?.push(trim(toPart(row), places[at]?.after ?? 0));
  }
  return found;
}

/** A page of the log after line `after`; empty when no more is stored. */
export async function readLog(
  sql: Pool,
  runId: string,
  after: number,
  limits: Limits = PAGE,
): Promise<LogPart[]> {
  const [parts = []] = await readPlaces(sql, [{ runId, after }], limits);
  return [...join(parts, CHUNK_BYTES)];
}

/** The whole log after line `after`, page by page. */
export async function* readAll(sql: Pool, runId: string, after = 0): AsyncGenerator<LogPart, void> {
  for (let seq = after; ; ) {
    const parts = await readLog(sql, runId, seq);
    yield* parts;
    const last = parts.at(-1);
    if (!last) return;
    seq = last.lastSeq;
  }
}

/** The log before line `before`, back to the line after `after`: the last part first. */
export async function* readAllBackward(
  sql: Pool,
  runId: string,
  { before, after }: { before: number; after: number },
): AsyncGenerator<LogPart, void> {
  for (let end = before; end > after + 1; ) {
    const values = [runId, end, PAGE.chunks, PAGE.bytes, after];
    const { rows } = await sql.query<Row>({
      ...{ name: 'log-chunks-before', text: CHUNKS_BEFORE, values },
    });
    const [first] = rows;
    if (!first) return;
    const parts = rows.map((row) => trim(toPart(row), after, end - 1));
    yield* [...join(parts, CHUNK_BYTES)].reverse();
    end = first.firstSeq;
  }
}
