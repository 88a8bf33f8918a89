import type { Pool } from 'pg';
import type { TraceFilter } from './filter.ts';
import { sourceOf, where } from './source.ts';

/** How many traces are counted at most, the newest. */
export const COUNTED_TRACES = 10_000;
const TOP = 20;

/** One value and how many of the counted traces have it. */
export type Facet = { value: string; count: number };

export type TraceFacets = Record<'sources' | 'tags' | 'versions' | 'steps', Facet[]> & {
  /** How many traces of the filter were counted. */
  counted: number;
  /** Whether nothing that matches was left out. */
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

/** The top values of an expression over a table, most frequent first. */
const topOf = (value: string, from: string) => `(
  SELECT coalesce(jsonb_agg(jsonb_build_object('value', value, 'count', count)
    ORDER BY count DESC, value), '[]')
  FROM (SELECT ${value} AS value, count(*) AS count FROM ${from}
    WHERE ${value} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${TOP}) AS top)`;

const bucketsInOrder = (from: string) => `(
  SELECT coalesce(jsonb_agg(jsonb_build_object('value', bucket ->> 1, 'count', count)
    ORDER BY bucket -> 0), '[]')
  FROM (SELECT ${BUCKET} AS bucket, count(*) AS count FROM ${from} GROUP BY 1) AS buckets)`;

/** Facets of which any value may hold: each is counted without its own condition, to be chosen from. */
const CHOICES = ['sources', 'versions', 'steps'] as const;

/** The newest traces of a filter as the table `name`, after `name_all`, which has one more if there are more. */
function candidates(name: string, filter: TraceFilter, params: unknown[]): string {
  const { from, conditions, id, createdAt } = sourceOf(filter, params, true);
  return `${name}_all AS MATERIALIZED (
      SELECT t.source, t.tags, t.trace_version, t.step_count FROM ${from} ${where(conditions)}
      ORDER BY ${createdAt} DESC, ${id} DESC LIMIT ${COUNTED_TRACES + 1}
    ), ${name} AS (SELECT * FROM ${name}_all LIMIT ${COUNTED_TRACES})`;
}

/**
 * What the traces of a filter have in common: sources, tags and versions, most frequent first, and
 * numbers of steps in ascending buckets (`3-5`). Sources, versions and steps are counted as if the
 * filter had no condition on them. The newest `COUNTED_TRACES` are counted, so that the work is
 * bounded however many there are.
 */
export async function readFacets(sql: Pool, filter: TraceFilter): Promise<TraceFacets> {
  const params: unknown[] = [];
  const given = CHOICES.filter((facet) => filter[facet]);
  const tables = ['found', ...given];
  const tableOf = (facet: (typeof CHOICES)[number]) => (given.includes(facet) ? facet : 'found');
  const { rows } = await sql.query<TraceFacets>(
    `WITH ${[
      candidates('found', filter, params),
      ...given.map((facet) => candidates(facet, { ...filter, [facet]: null }, params)),
    ].join(', ')}
     SELECT ${topOf('source', tableOf('sources'))} AS sources,
       ${topOf('tag', 'found, unnest(tags) AS tag')} AS tags,
       ${topOf('trace_version', tableOf('versions'))} AS versions,
       ${bucketsInOrder(tableOf('steps'))} AS steps,
       (SELECT count(*) FROM found) AS counted,
       ${tables.map((table) => `(SELECT count(*) FROM ${table}_all) <= ${COUNTED_TRACES}`).join(' AND ')} AS exact`,
    params,
  );
  const [row] = rows;
  if (!row) throw new Error('counting gave no row');
  return row;
}
