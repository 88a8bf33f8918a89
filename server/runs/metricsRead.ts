/** Reads of the curves of runs. NaN and infinities are values like any other. */
import type { Pool } from 'pg';

export type MetricRow = {
  seq: number;
  name: string;
  step: number;
  /** 0 for what a resumed run took over from its parent. */
  attempt: number;
  value: number;
  at: Date;
};

/** Metric points in order of arrival after point `after`. */
export async function readMetricsAfter(
  sql: Pool,
  runId: string,
  after: number,
): Promise<MetricRow[]> {
  const { rows } = await sql.query<MetricRow>(
    `SELECT seq, name, step, attempt, value, at FROM metric_points
     WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT 2000`,
    [runId, after],
  );
  return rows;
}

/** Which part of the curves, and how fine. */
export type SeriesQuery = {
  /** Only these series; all when null. */
  names: readonly string[] | null;
  /** About how many points of each; what is not finite comes on top. */
  maxPoints: number;
  /** Inclusive. */
  fromStep: number;
  /** Inclusive. */
  toStep: number;
  /** Only what this attempt reported; each step from the newest attempt that has it when null. */
  attempt: number | null;
};

/**
 * The series of a run by name: of one attempt, or over all of them as `attempt` says. One with more
 * than `maxPoints` points is cut into half as many stretches of steps, of which the smallest and the
 * greatest value stay, with the first, the last and whatever is not finite: a spike is never smoothed
 * away. A name without a point is left out.
 */
export async function readSeries(
  sql: Pool,
  runId: string,
  query: SeriesQuery,
): Promise<Map<string, MetricRow[]>> {
  const names = query.names ? [...new Set(query.names)].toSorted() : await namesOf(sql, runId);
  const stretches = Math.max(1, Math.floor(query.maxPoints / 2));
  // At a time: each is one pass over an index, and the database has a core for each.
  const read = names.map(async (name) => {
    const { fromStep, toStep, attempt } = query;
    const values = [runId, name, fromStep, toStep, stretches, attempt];
    const { rows } = await sql.query<MetricRow>({ name: 'run-series', text: THINNED, values });
    return [name, rows] as const;
  });
  return new Map((await Promise.all(read)).filter(([, rows]) => rows.length > 0));
}

// An index is skipped through from name to name; DISTINCT would read all of it.
const NAMES = `
  WITH RECURSIVE names (name) AS (
    (SELECT name FROM metric_points WHERE run_id = $1 ORDER BY name LIMIT 1)
    UNION ALL
    SELECT (SELECT name FROM metric_points WHERE run_id = $1 AND name > names.name
            ORDER BY name LIMIT 1)
    FROM names WHERE names.name IS NOT NULL)
  SELECT name FROM names WHERE name IS NOT NULL ORDER BY name`;

async function namesOf(sql: Pool, runId: string): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(NAMES, [runId]);
  return rows.map(({ name }) => name);
}

// `newest` comes from the unique index, read backwards, without a sort. The least of [value, step] is
// the first step with the least value; 'NaN' is greater than 'Infinity' here.
const THINNED = `
  WITH span AS MATERIALIZED (
    SELECT min(step) AS low, max(step) AS high, (max(step) - min(step)) / $5::int + 1 AS width
    FROM metric_points WHERE run_id = $1 AND name = $2 AND step BETWEEN $3 AND $4
      AND ($6::int IS NULL OR attempt = $6)
  ), newest AS NOT MATERIALIZED (
    SELECT DISTINCT ON (step) step, value, value > '-Infinity' AND value < 'Infinity' AS finite
    FROM metric_points WHERE run_id = $1 AND name = $2 AND step BETWEEN $3 AND $4
      AND ($6::int IS NULL OR attempt = $6)
    ORDER BY step DESC, attempt DESC
  ), ends AS MATERIALIZED (
    SELECT min(ARRAY[value, step]) FILTER (WHERE finite) AS least,
      max(ARRAY[value, step]) FILTER (WHERE finite) AS greatest, bool_and(finite) AS finite
    FROM newest GROUP BY (step - (SELECT low FROM span)) / (SELECT width FROM span)
  )
  SELECT DISTINCT ON (step) seq, name, step, attempt, value, at FROM metric_points
  WHERE run_id = $1 AND name = $2 AND ($6::int IS NULL OR attempt = $6) AND step = ANY (ARRAY(
    SELECT low FROM span UNION ALL SELECT high FROM span
    UNION ALL SELECT least[2]::int FROM ends UNION ALL SELECT greatest[2]::int FROM ends
    UNION ALL SELECT step FROM newest WHERE NOT finite AND NOT (SELECT bool_and(finite) FROM ends)))
  ORDER BY step, attempt DESC`;
