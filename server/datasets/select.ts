import type { Pool } from 'pg';
import type { z } from 'zod';
import type { DatasetFilter } from './model.ts';

type Filter = z.output<typeof DatasetFilter>;

export type Selected = {
  id: string;
  content_hash: string;
  prompt_hash: string;
  step_count: number;
  total_chars: number;
};

const MATCH = `
  ($1::text IS NULL OR source = $1)
  AND ($2::text IS NULL OR tags @> ARRAY[$2])
  AND ($3::uuid IS NULL OR import_session_id = $3)
  AND ($4::jsonb IS NULL OR payload -> 'meta' @> $4 AND NOT EXISTS (
    SELECT FROM jsonb_each($4) AS wanted
    WHERE wanted.value IS DISTINCT FROM payload -> 'meta' -> wanted.key))`;

const COLUMNS = 'id, content_hash, prompt_hash, step_count, total_chars';

const parameters = (filter: Filter) => [
  filter.source ?? null,
  filter.tag ?? null,
  filter.importId ?? null,
  filter.meta && Object.keys(filter.meta).length > 0 ? JSON.stringify(filter.meta) : null,
];

/** How many traces a filter matches. */
export async function countMatching(sql: Pool, filter: Filter): Promise<number> {
  const query = `SELECT count(*)::int AS count FROM traces WHERE ${MATCH}`;
  const { rows } = await sql.query<{ count: number }>(query, parameters(filter));
  return rows[0]?.count ?? 0;
}

/** The newest `limit` of all matching traces, newest first. */
export async function selectLatest(sql: Pool, filter: Filter, limit: number): Promise<Selected[]> {
  const query = `SELECT ${COLUMNS} FROM traces WHERE ${MATCH}
    ORDER BY created_at DESC, id DESC LIMIT $5`;
  return (await sql.query<Selected>(query, [...parameters(filter), limit])).rows;
}

/**
 * `limit` of all matching traces in an order that depends on seed and content alone, so the same
 * traces give the same choice on any database.
 */
export async function selectRandom(
  sql: Pool,
  filter: Filter,
  limit: number,
  seed: number,
): Promise<Selected[]> {
  const query = `SELECT ${COLUMNS} FROM traces WHERE ${MATCH}
    ORDER BY sha256(convert_to($6::text || ':' || content_hash, 'UTF8')), content_hash LIMIT $5`;
  return (await sql.query<Selected>(query, [...parameters(filter), limit, seed])).rows;
}
