import type { Pool } from 'pg';
import { TINY_MODEL } from '../tunix/models.ts';
import type { Tokenizer } from './model.ts';

/**
 * Where the tokenizer for a trace comes from. The built-in model learns one for each run from the
 * training side of its dataset; here it is the newest dataset with this trace that has such a side,
 * else the trace alone.
 */
export async function findTokenizer(
  sql: Pool,
  modelId: string,
  traceId: string,
): Promise<Tokenizer> {
  if (modelId !== TINY_MODEL) return null;
  const { rows } = await sql.query<{ id: string; key: string }>(
    `SELECT dataset.id, dataset.key FROM dataset_items item
     JOIN datasets dataset ON dataset.id = item.dataset_id
     WHERE item.trace_id = $1 AND dataset.train_count > 0
     ORDER BY dataset.created_at DESC, dataset.id DESC LIMIT 1`,
    [traceId],
  );
  const [newest] = rows;
  return newest
    ? { from: 'DATASET', datasetId: newest.id, datasetKey: newest.key }
    : { from: 'TRACE' };
}
