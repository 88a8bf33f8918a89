import type { Pool } from 'pg';
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { TracePayload } from '../traces/model.ts';

export type ItemRow = { position: number; id: string; createdAt: Date; payload: TracePayload };

const PAGE = 500;

/**
 * The items of a dataset in their order, one side or all, read in pages so that any dataset
 * streams in bounded memory.
 */
export async function* readItems(
  sql: Pool,
  datasetId: string,
  split: Split | null,
): AsyncGenerator<ItemRow, void> {
  let after = -1;
  for (;;) {
    const { rows } = await sql.query<ItemRow>(
      `SELECT item.position, trace.id, trace.created_at AS "createdAt", trace.payload
       FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
       WHERE item.dataset_id = $1 AND item.position > $2 AND ($3::split IS NULL OR item.split = $3)
       ORDER BY item.position LIMIT ${PAGE}`,
      [datasetId, after, split],
    );
    for (const row of rows) {
      yield row;
      after = row.position;
    }
    if (rows.length < PAGE) return;
  }
}
