/**
 * The loop at a glance: counts, last activity, where it is stuck and what needs somebody.
 *
 * Home asks at every change, so each statement reads a bounded piece of an index; the one that does
 * not, the number of traces, is asked for only by who shows it.
 */
import type { Pool } from 'pg';
import type { App } from './app.ts';
import { IS_FOLLOWED } from './audit/followed.ts';
import { cancellable } from './lib/cancellable.ts';
import { untilAnswered } from './lib/untilAnswered.ts';

export type Overview = {
  datasetCount: number;
  runCount: number;
  runningCount: number;
  pendingCount: number;
  evaluationCount: number;
  baselineCount: number;
  checkCount: number;
  lastTraceAt: Date | null;
  lastDatasetAt: Date | null;
  lastRunAt: Date | null;
  lastEvaluationAt: Date | null;
  lastCheckAt: Date | null;
  followedFromNotebook: boolean;
};

/** Ids are UUIDv7: the highest is the newest, and the primary key finds it. */
export async function overview(sql: Pool): Promise<Overview> {
  const { rows } = await sql.query<Overview>(`
    SELECT (SELECT count(*)::int FROM datasets) AS "datasetCount",
           (SELECT count(*)::int FROM runs) AS "runCount",
           (SELECT count(*)::int FROM runs WHERE status = 'RUNNING') AS "runningCount",
           (SELECT count(*)::int FROM runs WHERE status = 'PENDING') AS "pendingCount",
           (SELECT count(*)::int FROM evaluations WHERE status = 'COMPLETED') AS "evaluationCount",
           (SELECT count(DISTINCT name)::int FROM baselines) AS "baselineCount",
           (SELECT count(*)::int FROM checks) AS "checkCount",
           (SELECT max(created_at) FROM traces) AS "lastTraceAt",
           (SELECT max(created_at) FROM datasets) AS "lastDatasetAt",
           (SELECT max(created_at) FROM runs) AS "lastRunAt",
           (SELECT created_at FROM evaluations ORDER BY id DESC LIMIT 1) AS "lastEvaluationAt",
           (SELECT created_at FROM checks ORDER BY id DESC LIMIT 1) AS "lastCheckAt",
           ${IS_FOLLOWED} AS "followedFromNotebook"`);
  const [row] = rows;
  if (!row) throw new Error('no overview');
  return row;
}

export async function countTraces(sql: Pool): Promise<number> {
  const { rows } = await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM traces');
  return rows[0]?.count ?? 0;
}

/** How far a count of what waits goes; nobody needs to know more exactly. */
export const COUNTED = 1000;

/** What one stage of the loop has and the next lacks. Counts end at {@link COUNTED}. */
export type Stuck = {
  /** Traces that came after the newest dataset. */
  newTraceCount: number;
  /** The newest dataset, when no run was made on it. */
  untrainedDatasetId: string | null;
  /** Completed runs, dry ones aside, that nobody judged; the newest of them. */
  unevaluatedRunCount: number;
  unevaluatedRunId: string | null;
  /** Evaluations completed after the last check and pinned by no baseline. */
  uncheckedEvaluationCount: number;
};

export async function findStuck(sql: Pool): Promise<Stuck> {
  const { rows } = await sql.query<Stuck>(
    `WITH newest_dataset AS (
       SELECT id, created_at FROM datasets ORDER BY created_at DESC, id DESC LIMIT 1
     ), unevaluated AS (
       SELECT id FROM (
         SELECT id, created_at FROM runs
          WHERE status = 'COMPLETED' AND mode <> 'DRY_RUN' AND archived_at IS NULL
          ORDER BY created_at DESC, id DESC LIMIT $1) AS run
        WHERE NOT EXISTS (SELECT FROM evaluations e WHERE e.run_id = run.id)
        ORDER BY created_at DESC, id DESC
     )
     SELECT (SELECT count(*)::int FROM (
               SELECT FROM traces
                WHERE created_at > coalesce((SELECT created_at FROM newest_dataset), '-infinity')
                LIMIT $1) AS t) AS "newTraceCount",
            (SELECT id FROM newest_dataset d
              WHERE NOT EXISTS (SELECT FROM runs r WHERE r.dataset_id = d.id)) AS "untrainedDatasetId",
            (SELECT count(*)::int FROM unevaluated) AS "unevaluatedRunCount",
            (SELECT id FROM unevaluated LIMIT 1) AS "unevaluatedRunId",
            (SELECT count(*)::int FROM (
               SELECT id, status, finished_at FROM evaluations ORDER BY id DESC LIMIT $1) AS e
              WHERE status = 'COMPLETED'
                AND finished_at > coalesce(
                      (SELECT created_at FROM checks ORDER BY id DESC LIMIT 1), '-infinity')
                AND NOT EXISTS (SELECT FROM baselines b WHERE b.evaluation_id = e.id)
            ) AS "uncheckedEvaluationCount"`,
    [COUNTED],
  );
  const [row] = rows;
  if (!row) throw new Error('no answer about the loop');
  return row;
}

/** Runs of the last seven days that failed in the same way. */
export type FailureGroup = { code: string; count: number; newestRunId: string };

/** Most frequent first, at most ten. */
export async function groupFailures(sql: Pool): Promise<FailureGroup[]> {
  const { rows } = await sql.query<FailureGroup>(
    `SELECT coalesce(failure_code, 'UNKNOWN') AS code, count(*)::int AS count,
            (array_agg(id ORDER BY created_at DESC, id DESC))[1] AS "newestRunId"
       FROM (SELECT id, failure_code, created_at FROM runs
              WHERE status IN ('FAILED', 'TIMEOUT') AND archived_at IS NULL
                AND created_at > clock_timestamp() - interval '7 days'
              ORDER BY created_at DESC LIMIT $1) AS failed
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`,
    [COUNTED],
  );
  return rows;
}

/** Ids of the last check of each baseline name that did not pass, newest first, at most ten. */
export async function findOpenChecks(sql: Pool): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM (
       SELECT DISTINCT ON (b.name) c.id, c.verdict
         FROM (SELECT id, baseline_id, verdict FROM checks ORDER BY id DESC LIMIT $1) AS c
         JOIN baselines b ON b.id = c.baseline_id
        ORDER BY b.name, c.id DESC) AS last
      WHERE verdict <> 'PASS' ORDER BY id DESC LIMIT 10`,
    [COUNTED],
  );
  return rows.map(({ id }) => id);
}

/** What is newest of everything, as one text: each part is one step into an index. */
const STATE = `
  SELECT md5(jsonb_build_array(
    (SELECT id FROM traces ORDER BY created_at DESC, id DESC LIMIT 1),
    (SELECT id FROM datasets ORDER BY created_at DESC, id DESC LIMIT 1),
    (SELECT id FROM runs ORDER BY created_at DESC, id DESC LIMIT 1),
    (SELECT count(*) FROM runs WHERE status = 'RUNNING'),
    (SELECT count(*) FROM runs WHERE status = 'PENDING'),
    (SELECT jsonb_agg(status) FROM (SELECT status FROM evaluations ORDER BY id DESC LIMIT 100) AS e),
    (SELECT id FROM evaluations ORDER BY id DESC LIMIT 1),
    (SELECT id FROM baselines ORDER BY id DESC LIMIT 1),
    (SELECT id FROM checks ORDER BY id DESC LIMIT 1),
    ${IS_FOLLOWED}
  )::text) AS state`;

/**
 * Follows the loop: its overview now, and after each change. Not all that changes it rings `runs`, so
 * some is seen only at the next look, within seconds. Never ends.
 */
export function followLoop(app: Pick<App, 'sql' | 'bell'>) {
  return cancellable<Overview>(async function* (signal) {
    using bell = app.bell.listen('runs');
    let known: string | undefined;
    while (!signal.aborted) {
      const found = await untilAnswered(signal, () => app.sql.query<{ state: string }>(STATE));
      const state = found?.rows[0]?.state;
      if (state !== undefined && state !== known) {
        const now = await untilAnswered(signal, () => overview(app.sql));
        if (now) yield now;
        known = state;
      }
      await bell.heard(signal);
    }
  });
}
