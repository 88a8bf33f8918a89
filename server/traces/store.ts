/**
 * Writes traces, each once by content hash. Whoever calls it holds a transaction: the rows and the note
 * that makes them searchable are stored together or not at all.
 */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { COLUMNS, type PackedRow, type TraceRow } from './row.ts';

/** Which row holds the trace, and whether this call wrote it. */
export type Stored = { id: string; created: boolean };

/**
 * How packed rows are written. COPY is the fastest, but fails with 23505 when somebody else stores one of
 * the traces at the same moment; STAGE goes through a table of its own and passes over such a row.
 */
export type CopyBy = 'COPY' | 'STAGE';

const FIND = 'SELECT id, content_hash FROM traces WHERE content_hash = ANY($1)';

const INSERT = `
  INSERT INTO traces (${COLUMNS})
  SELECT id, content_hash, prompt_hash, trace_version, prompt_preview, answer_preview, step_count,
         total_chars, baseline_score, source, ARRAY(SELECT json_array_elements_text(tags)),
         payload::jsonb, import_session_id, import_line
  FROM json_to_recordset($1::json) AS row(
    id uuid, content_hash text, prompt_hash text, trace_version text, prompt_preview text,
    answer_preview text, step_count int, total_chars int, baseline_score float8, source text,
    tags json, payload text, import_session_id uuid, import_line int)
  ORDER BY content_hash
  ON CONFLICT (content_hash) DO NOTHING
  RETURNING id, content_hash`;

/** Bytes of one message of a COPY. */
const PIECE_BYTES = 128 * 1024;

const COPY = `COPY traces (${COLUMNS}) FROM STDIN`;

const STAGE = [
  'CREATE TEMP TABLE traces_staged (LIKE traces INCLUDING DEFAULTS) ON COMMIT DROP',
  `COPY traces_staged (${COLUMNS}) FROM STDIN`,
  `INSERT INTO traces (${COLUMNS}) SELECT ${COLUMNS} FROM traces_staged ORDER BY content_hash
   ON CONFLICT (content_hash) DO NOTHING RETURNING id, content_hash`,
] as const;

const NOTE = 'INSERT INTO search_backlog (trace_ids) VALUES ($1)';

type Keyed = { id: string; content_hash: string };

async function find(client: PoolClient, hashes: string[]): Promise<Keyed[]> {
  return hashes.length > 0 ? (await client.query<Keyed>(FIND, [hashes])).rows : [];
}

/** Lines in pieces, so that no batch lies in memory twice. */
function* piecesOf(rows: readonly PackedRow[]): Generator<Buffer> {
  let lines: Buffer[] = [];
  let bytes = 0;
  for (const { line } of rows) {
    lines.push(line);
    bytes += line.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(lines, bytes);
    lines = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(lines, bytes);
}

async function copyInto(client: PoolClient, statement: string, rows: readonly PackedRow[]) {
  const stream = client.query(copyFrom(statement));
  const stored = finished(stream);
  stored.catch(() => {}); // a fault in the middle is told below as well
  for (const piece of piecesOf(rows)) if (!stream.write(piece)) await once(stream, 'drain');
  stream.end();
  await stored;
}

async function copy(client: PoolClient, rows: readonly PackedRow[]): Promise<readonly Keyed[]> {
  await copyInto(client, COPY, rows);
  return rows;
}

async function stage(client: PoolClient, rows: readonly PackedRow[]): Promise<readonly Keyed[]> {
  await client.query(STAGE[0]);
  await copyInto(client, STAGE[1], rows);
  return (await client.query<Keyed>(STAGE[2])).rows;
}

async function insert(client: PoolClient, rows: readonly TraceRow[]): Promise<readonly Keyed[]> {
  return (await client.query<Keyed>(INSERT, [JSON.stringify(rows)])).rows;
}

/**
 * Stores rows in hash order, so that two writers cannot wait for each other in a circle. `write` says
 * which it wrote.
 */
async function store<R extends Keyed>(
  client: PoolClient,
  rows: readonly R[],
  write: (client: PoolClient, rows: readonly R[]) => Promise<readonly Keyed[]>,
): Promise<Stored[]> {
  if (rows.length === 0) return [];
  const unique = new Map(rows.toReversed().map((row) => [row.content_hash, row] as const));
  const ids = new Map<string, string>();
  const note = (found: readonly Keyed[]) => {
    for (const { id, content_hash } of found) ids.set(content_hash, id);
  };
  note(await find(client, [...unique.keys()]));
  const fresh = [...unique.values()]
    .filter((row) => !ids.has(row.content_hash))
    .sort((a, b) => (a.content_hash < b.content_hash ? -1 : 1));
  if (fresh.length > 0) {
    note(await write(client, fresh));
    // Somebody else stored them between the look and the write.
    note(
      await find(
        client,
        [...unique.keys()].filter((hash) => !ids.has(hash)),
      ),
    );
  }
  const stored = rows.map((row) => {
    const id = ids.get(row.content_hash);
    if (id === undefined) throw new Error(`trace ${row.content_hash} was not stored`);
    return { id, created: id === row.id };
  });
  const created = stored.flatMap(({ id, created }) => (created ? [id] : []));
  if (created.length > 0) await client.query(NOTE, [created]);
  return stored;
}

/**
 * Stores a few traces. The result has one entry for each, in their order; `created` is false where the
 * trace was there already, or stands earlier in the same input.
 */
export const insertRows = (client: PoolClient, rows: readonly TraceRow[]): Promise<Stored[]> =>
  store(client, rows, insert);

/** Stores a batch of an import; as `insertRows`. */
export const copyRows = (
  client: PoolClient,
  rows: readonly PackedRow[],
  by: CopyBy,
): Promise<Stored[]> => store(client, rows, by === 'COPY' ? copy : stage);
