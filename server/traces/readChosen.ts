import type { Pool } from 'pg';
import { z } from 'zod';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import type { TracePayload } from './model.ts';

/** Traces of one export. */
const MAX_CHOSEN = 10_000;

const Chosen = z.strictObject({
  traceIds: z.array(z.uuid('this is not the id of a trace')).min(1).max(MAX_CHOSEN),
});

type Row = { id: string; createdAt: Date; payload: TracePayload };

const PAGE = 500;

/**
 * The traces with these ids, 1 to 10 000, in the order of the ids; one that is named twice comes
 * once.
 * @throws ValidationError, before anything is read, for what is no id or no trace.
 */
export async function readChosenTraces(
  sql: Pool,
  input: z.input<typeof Chosen>,
): Promise<AsyncGenerator<Row, void>> {
  const ids = [...new Set(parse(Chosen, input).traceIds)];
  const { rows } = await sql.query<{ id: string }>(
    `SELECT wanted.id FROM unnest($1::uuid[]) WITH ORDINALITY wanted (id, place)
     WHERE NOT EXISTS (SELECT 1 FROM traces WHERE traces.id = wanted.id)
     ORDER BY wanted.place`,
    [ids],
  );
  const [missing] = rows;
  if (missing) {
    throw new ValidationError([
      {
        path: ['traceIds'],
        code: 'UNKNOWN_TRACE',
        message:
          `traceIds: ${rows.length} of ${ids.length} traces do not exist, first ${missing.id}. ` +
          'Leave them out.',
        found: missing.id,
      },
    ]);
  }
  return readPages(sql, ids);
}

async function* readPages(sql: Pool, ids: readonly string[]): AsyncGenerator<Row, void> {
  for (let start = 0; start < ids.length; start += PAGE) {
    const { rows } = await sql.query<Row>(
      `SELECT trace.id, trace.created_at AS "createdAt", trace.payload
       FROM unnest($1::uuid[]) WITH ORDINALITY wanted (id, place)
       JOIN traces trace ON trace.id = wanted.id ORDER BY wanted.place`,
      [ids.slice(start, start + PAGE)],
    );
    yield* rows;
  }
}
