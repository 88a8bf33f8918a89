import type { Pool } from 'pg';
import type { TraceFilter } from './filter.ts';
import { sourceOf, where } from './source.ts';

/** How many traces are counted at most, the newest. */
export const COUNTED_TRACES = 10_000;
const TOP = 20;

/** One value and how many of the counted traces have it. */
export type Facet = { value: string; count: number };

export type TraceFacets = Record<'sources' | 'tags' | 'versions' | 'steps', Facet[]> & {
  /** How many traces were counted. */
  counted: number;
  /** Whether these are all that match. */
  exact: boolean;
};

/** Numbers of steps that are counted together, as [least, most]. */
const BUCKETS = [
  [1, 1],
  [2, 2],
  [3, 5],
  [6, 10],
  [11, 20],
  [21, 50],
  [51, 100],
  [101, 1000],
] as const;

const BUCKET = `CASE ${BUCKETS.map(([least, most], at) => {
  const name = least === most ? `${least}` : `${least}-${most}`;
  return `WHEN step_count <= ${most} THEN jsonb_build_array(${at}, '${name}')`;
}).join(' ')} END`;

/** The top values of an expression over `found`, most frequent first. */
const topOf = (value: string, from = 'found') => `(
  SELECT coalesce(jsonb_agg(jsonb_build_object('value', value, 'count', count)
    ORDER BY count DESC, value), '[]')
  FROM (SELECT ${value} AS value, count(*) AS count FROM ${from}
    WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${TOP}) AS top)`;

const BUCKETS_IN_ORDER = `(
  SELECT coalesce(jsonb_agg(jsonb_build_object('value', bucket ->> 1, 'count', count)
    ORDER BY bucket -> 0), '[]')
  FROM (SELECT ${BUCKET} AS bucket, count(*) AS count FROM found GROUP BY 1) AS buckets)`;

/**
 * What the traces of a filter have in common: sources, tags and versions, most frequent first, and
 * numbers of steps in ascending buckets (`3-5`). The newest `COUNTED_TRACES` are counted, so that
 * the work is bounded however many there are.
 */
export async function readFacets(sql: Pool, filter: TraceFilter): Promise<TraceFacets> {
  const params: unknown[] = [];
  const { from, conditions, id, createdAt } = sourceOf(filter, params, true);
  // One more than is counted tells whether there are more.
  const { rows } = await sql.query<Omit<TraceFacets, 'exact'> & { matching: number }>(
    `WITH candidates AS MATERIALIZED (
       SELECT t.source, t.tags, t.trace_version, t.step_count FROM ${from} ${where(conditions)}
       ORDER BY ${createdAt} DESC, ${id} DESC LIMIT ${COUNTED_TRACES + 1}
     ), found AS (SELECT * FROM candidates LIMIT ${COUNTED_TRACES})
     SELECT ${topOf('source')} AS sources, ${topOf('tag', 'found, unnest(tags) AS tag')} AS tags,
       ${topOf('trace_version')} AS versions, ${BUCKETS_IN_ORDER} AS steps,
       (SELECT count(*) FROM candidates) AS matching`,
    params,
  );
  const [row] = rows;
  if (!row) throw new Error('counting gave no row');
  const { matching, ...facets } = row;
  return {
    ...facets,
    counted: Math.min(matching, COUNTED_TRACES),
    exact: matching <= COUNTED_TRACES,
  };
}
