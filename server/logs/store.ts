/** The statements that a log writer sends. Each names the attempt, and stores nothing for an old one. */
import type { LogStream } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { type Lease, LeaseLostError } from '../runs/lease.ts';
import { encode } from './encoding.ts';
import { CHUNK_BYTES } from './model.ts';
import type { Piece } from './spool.ts';

const NEWLINE = 10;

export type Chunk = Piece & { firstSeq: number; lastSeq: number };

/** Numbers pieces from `seq` + 1 on, and joins neighbours of one stream into chunks. */
export function toChunks(pieces: readonly Piece[], seq: number): Chunk[] {
  const groups: Piece[][] = [];
  let bytes = 0;
  for (const piece of pieces) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const fits =
      last?.stream === piece.stream &&
      last.bytes.at(-1) === NEWLINE &&
      !last.lost &&
      !piece.lost &&
      bytes + piece.bytes.length <= CHUNK_BYTES;
    if (group && fits) group.push(piece);
    else {
      groups.push([piece]);
      bytes = 0;
    }
    bytes += piece.bytes.length;
  }
  let last = seq;
  return groups.map((group) => {
    const [first] = group as [Piece];
    const lines = group.reduce((sum, piece) => sum + piece.lines, 0);
    const firstSeq = last + 1;
    last += lines;
    const bytes = group.length === 1 ? first.bytes : Buffer.concat(group.map((each) => each.bytes));
    return { ...first, bytes, lines, firstSeq, lastSeq: last };
  });
}

// The fence updates the counter and the rows follow in the same statement: a batch is stored once, by
// the current attempt, right behind the one before, or not at all. The bytes of all chunks are one
// value, which goes over the wire as it is; an array of them would go as text of twice the length.
const APPEND = `
  WITH fence AS (
    UPDATE runs SET last_log_seq = $4
    WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' AND last_log_seq = $3
    RETURNING id),
  ended AS (
    UPDATE run_attempts SET open_line = NULL, open_stream = NULL
    WHERE $5::boolean AND run_id = (SELECT id FROM fence) AND epoch = $2)
  INSERT INTO log_chunks (run_id, first_seq, last_seq, attempt, stream, encoding, data, bytes,
                          lost_bytes, lost_lines, created_at)
  SELECT fence.id, first_seq, last_seq, $2, stream::log_stream, encoding::log_encoding,
         substring($6::bytea FROM start FOR length), chunk.bytes, lost_bytes, lost_lines,
         clock_timestamp()
  FROM fence, unnest($7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::int[], $12::int[],
                     $13::int[], $14::bigint[], $15::bigint[])
    AS chunk(first_seq, last_seq, stream, encoding, start, length, bytes, lost_bytes, lost_lines)`;

/** A batch as it is sent. */
export type Batch = { lastSeq: number; rows: number; values: unknown[] };

/** Makes a batch of chunks: their bytes compressed, off the event loop. At least one chunk. */
export async function toBatch(chunks: readonly Chunk[]): Promise<Batch> {
  const encoded = await Promise.all(chunks.map(({ bytes }) => encode(bytes)));
  let start = 1;
  const starts = encoded.map(({ data }) => {
    const own = start;
    start += data.length;
    return own;
  });
  const first = chunks[0]?.firstSeq ?? 1;
  const lastSeq = chunks.at(-1)?.lastSeq ?? 0;
  const values = [
    first - 1,
    lastSeq,
    Buffer.concat(encoded.map(({ data }) => data)),
    chunks.map((chunk) => chunk.firstSeq),
    chunks.map((chunk) => chunk.lastSeq),
    chunks.map((chunk): LogStream => chunk.stream),
    encoded.map(({ encoding }) => encoding),
    starts,
    encoded.map(({ data }) => data.length),
    chunks.map(({ bytes }) => bytes.length),
    chunks.map(({ lost }) => lost?.bytes ?? null),
    chunks.map(({ lost }) => lost?.lines ?? null),
  ];
  return { lastSeq, rows: chunks.length, values };
}

/**
 * Stores a batch; again, it changes nothing. `lineEnded`: the line that was shown unfinished is in it.
 * @throws LeaseLostError when the attempt no longer holds the run.
 */
export async function appendBatch(
  app: Pick<App, 'sql'>,
  { runId, epoch }: Lease,
  { lastSeq, rows, values }: Batch,
  lineEnded: boolean,
): Promise<void> {
  const [before, last, ...rest] = values;
  const { rowCount } = await app.sql.query({
    name: 'log-append',
    text: APPEND,
    values: [runId, epoch, before, last, lineEnded, ...rest],
  });
  if (rowCount === rows) return;
  // A batch whose answer was lost had been committed after all.
  const stored = await app.sql.query(
    `SELECT 1 FROM runs WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' AND last_log_seq = $3`,
    [runId, epoch, lastSeq],
  );
  if (stored.rows.length === 0) throw new LeaseLostError(runId, epoch);
}

/** Says what stands in the unfinished line; null: nothing does. */
export async function storeOpenLine(
  app: Pick<App, 'sql'>,
  { runId, epoch }: Lease,
  line: { stream: LogStream; text: string } | null,
): Promise<void> {
  await app.sql.query(
    `UPDATE run_attempts attempt SET open_line = $3, open_stream = $4::log_stream FROM runs run
     WHERE attempt.run_id = $1 AND attempt.epoch = $2 AND run.id = $1 AND run.epoch = $2
       AND run.status = 'RUNNING'`,
    [runId, epoch, line?.text ?? null, line?.stream ?? null],
  );
}
