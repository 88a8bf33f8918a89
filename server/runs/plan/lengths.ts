/**
 * How long the items of a dataset are for a model: by its tokens where a stored check counted them,
 * else by characters, which is a guess.
 */
import type { App } from '../../app.ts';
import { readTokenLengths } from '../../datasets/checks/lengths.ts';

export type SequenceLengths = {
  /** Of TRAIN and EVAL. */
  items: number;
  /** Tokens of the longest. */
  longest: number;
  /** Items that do not fit, and are left out. */
  tooLong: number;
  /** Items of TRAIN that fit. */
  train: number;
  /** TOKENS: counted by the tokenizer of the model. ESTIMATE: by characters. */
  source: 'TOKENS' | 'ESTIMATE';
};

/** Rough number of characters in a token of English; the tokenizer decides. */
export const CHARS_PER_TOKEN = 4;

/** Bytes of the data files of a run, about: the characters of all items. */
export async function readDataBytes(sql: App['sql'], datasetId: string): Promise<number> {
  const { rows } = await sql.query<{ bytes: number }>(
    `SELECT coalesce(sum(trace.total_chars), 0)::float8 AS bytes
     FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
     WHERE item.dataset_id = $1`,
    [datasetId],
  );
  return rows[0]?.bytes ?? 0;
}

/** Measures TRAIN and EVAL of a dataset against `maxSeqLength` tokens. */
export async function measureLengths(
  app: Pick<App, 'db' | 'sql'>,
  datasetId: string,
  modelId: string,
  maxSeqLength: number,
): Promise<SequenceLengths> {
  const counted = await readTokenLengths(app.db, datasetId, modelId);
  if (counted) {
    const fits = ([length]: [number, number]) => length <= maxSeqLength;
    const sum = (pairs: [number, number][]) => pairs.reduce((total, [, items]) => total + items, 0);
    const all = [...counted.TRAIN, ...counted.EVAL];
    return {
      items: sum(all),
      longest: Math.max(0, ...all.map(([length]) => length)),
      tooLong: sum(all) - sum(all.filter(fits)),
      source: 'TOKENS',
      train: sum(counted.TRAIN.filter(fits)),
    };
  }
  const { rows } = await app.sql.query<Omit<SequenceLengths, 'source'>>(
    `SELECT count(*)::int AS items, coalesce(max(ceil(trace.total_chars / $3::float8)), 0)::int AS longest,
            (count(*) FILTER (WHERE trace.total_chars > $2::float8 * $3))::int AS "tooLong",
            (count(*) FILTER (WHERE item.split = 'TRAIN' AND trace.total_chars <= $2::float8 * $3))::int
              AS train
     FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
     WHERE item.dataset_id = $1 AND item.split IN ('TRAIN', 'EVAL')`,
    [datasetId, maxSeqLength, CHARS_PER_TOKEN],
  );
  const [row] = rows;
  if (!row) throw new Error('an aggregate without a row');
  return { ...row, source: 'ESTIMATE' };
}
