import type { Pool } from 'pg';
import { z } from 'zod';
import { parse } from '../lib/parse.ts';
import type { TracePayload } from '../traces/model.ts';
import { GAME } from './highCardDuel.ts';

const Query = z.strictObject({
  limit: z
    .int()
    .min(1)
    .max(10_000)
    .nullish()
    .transform((limit) => limit ?? 100),
  traceIds: z.array(z.uuid('this is not the id of a trace')).max(1000).nullish(),
});

type Row = { id: string; createdAt: Date; payload: TracePayload };

const PAGE = 500;

/**
 * Parses what is asked of an export of High Card Duel traces: newest first, at most `limit` (1–10 000,
 * 100 when not given), only those of `traceIds` when given. Others of these are passed over.
 * @throws ValidationError for a limit out of range or what is no id.
 */
export function readUngarTraces(
  sql: Pool,
  input: z.input<typeof Query>,
): AsyncGenerator<Row, void> {
  const { limit, traceIds } = parse(Query, input);
  return readRows(sql, limit, traceIds ?? null);
}

async function* readRows(
  sql: Pool,
  limit: number,
  traceIds: string[] | null,
): AsyncGenerator<Row, void> {
  let left = limit;
  let after: Row | undefined;
  while (left > 0) {
    const size = Math.min(left, PAGE);
    const { rows } = await sql.query<Row>(
      `SELECT id, created_at AS "createdAt", payload FROM traces
       WHERE payload -> 'meta' @> $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [
        JSON.stringify({ source: 'ungar', game: GAME }),
        traceIds,
        after?.createdAt ?? null,
        after?.id ?? null,
        size,
      ],
    );
    yield* rows;
    if (rows.length < size) return;
    left -= rows.length;
    after = rows.at(-1);
  }
}
