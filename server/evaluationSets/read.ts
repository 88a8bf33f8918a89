import type { Pool } from 'pg';
import type { Db } from '../db.ts';
import { NotFoundError } from '../errors.ts';
import { promptHash } from '../lib/text.ts';
import type { SLICES } from './model.ts';

/** An item as a training process gets it: `id` is the one its author gave. */
export type SetRecord = { position: number; id: string; prompt: string; answer: string };

const PAGE = 1_000;

/** The items of a set in their order, read in pages so that any set streams in bounded memory. */
export async function* readSetRecords(sql: Pool, setId: string): AsyncGenerator<SetRecord, void> {
  let after = -1;
  for (;;) {
    const { rows } = await sql.query<SetRecord>(
      `SELECT position, item_id AS id, prompt, expected_answer AS answer
       FROM evaluation_set_items WHERE set_id = $1 AND position > $2
       ORDER BY position LIMIT ${PAGE}`,
      [setId, after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
  }
}

/** The row of each item of a set by the id its author gave. */
export async function readItemIds(sql: Pool, setId: string): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ itemId: string; id: string }>(
    'SELECT item_id AS "itemId", id FROM evaluation_set_items WHERE set_id = $1',
    [setId],
  );
  return new Map(rows.map(({ itemId, id }) => [itemId, id]));
}

/**
 * How many training items of a dataset have a prompt of the set, in normalised form. All prompts of
 * the set are read for it, at most `MAX_SET_BYTES`.
 */
export async function countLeaks(sql: Pool, setId: string, datasetId: string): Promise<number> {
  const hashes = new Set<string>();
  for await (const { prompt } of readSetRecords(sql, setId)) hashes.add(promptHash(prompt));
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count
     FROM dataset_items item JOIN traces trace ON trace.id = item.trace_id
     WHERE item.dataset_id = $1 AND item.split = 'TRAIN' AND trace.prompt_hash = ANY($2)`,
    [datasetId, [...hashes]],
  );
  return rows[0]?.count ?? 0;
}

/** How many prompts of a set have more than `max` characters. */
export async function countLongPrompts(sql: Pool, setId: string, max: number): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM evaluation_set_items
     WHERE set_id = $1 AND char_length(prompt) > $2`,
    [setId, max],
  );
  return rows[0]?.count ?? 0;
}

/** The values of one field of a set and how many items have each, most first. */
export async function countValues(
  sql: Pool,
  setId: string,
  field: (typeof SLICES)[number],
): Promise<{ value: string; count: number }[]> {
  const { rows } = await sql.query<{ value: string; count: number }>(
    `SELECT value, count(*)::int AS count
     FROM evaluation_set_items,
       LATERAL (SELECT CASE $2 WHEN 'section' THEN section WHEN 'category' THEN category
                               WHEN 'difficulty' THEN difficulty END AS value) AS named
     WHERE set_id = $1 AND value IS NOT NULL
     GROUP BY value ORDER BY count DESC, value`,
    [setId, field],
  );
  return rows;
}

/**
 * A set by its key.
 * @throws NotFoundError that says where the keys are.
 */
export async function findSet(db: Pick<Db, 'evaluationSet'>, key: string) {
  const set = await db.evaluationSet.findUnique({ where: { key } });
  if (set) return set;
  throw new NotFoundError(
    'EvaluationSet',
    `There is no evaluation set "${key}". List them with \`evaluationSets\`, or make it with ` +
      '`createEvaluationSet`.',
  );
}
