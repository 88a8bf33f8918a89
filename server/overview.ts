import type { Pool } from 'pg';

type Overview = {
  traceCount: number;
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
};

/** Counts and last activity of every stage of the loop, in one statement. */
export async function overview(sql: Pool): Promise<Overview> {
  const { rows } = await sql.query<Overview>(`
    SELECT (SELECT count(*)::int FROM traces) AS "traceCount",
           (SELECT count(*)::int FROM datasets) AS "datasetCount",
           (SELECT count(*)::int FROM runs) AS "runCount",
           (SELECT count(*)::int FROM runs WHERE status = 'RUNNING') AS "runningCount",
           (SELECT count(*)::int FROM runs WHERE status = 'PENDING') AS "pendingCount",
           (SELECT count(*)::int FROM evaluations WHERE status = 'COMPLETED') AS "evaluationCount",
           (SELECT count(DISTINCT name)::int FROM baselines) AS "baselineCount",
           (SELECT count(*)::int FROM checks) AS "checkCount",
           (SELECT max(created_at) FROM traces) AS "lastTraceAt",
           (SELECT max(created_at) FROM datasets) AS "lastDatasetAt",
           (SELECT max(created_at) FROM runs) AS "lastRunAt",
           (SELECT max(created_at) FROM evaluations) AS "lastEvaluationAt"`);
  const [row] = rows;
  if (!row) throw new Error('no overview');
  return row;
}
