/** Reads of a run that are hot or need SQL of their own: log, events, metrics, queue. */
import type { Pool } from 'pg';
import type { LogStream, RunEventKind, RunStatus } from '../../prisma/generated/client/enums.ts';

export type RunEventRow = {
  runId: string;
  seq: number;
  attempt: number;
  kind: RunEventKind;
  data: unknown;
  createdAt: Date;
};
export type MetricRow = {
  seq: number;
  name: string;
  step: number;
  attempt: number;
  value: number;
  at: Date;
};
export type RunState = {
  status: RunStatus;
  exitCode: number | null;
  lastLogSeq: number;
  lastEventSeq: number;
  lastMetricSeq: number;
  /** Evaluations that are not done: more will happen to the run although it has ended. */
  openEvaluations: number;
};

/** Where a run stands; null when there is none. */
export async function readState(sql: Pool, runId: string): Promise<RunState | null> {
  const { rows } = await sql.query<RunState>(
    `SELECT status, exit_code AS "exitCode", last_log_seq AS "lastLogSeq",
            last_event_seq AS "lastEventSeq", last_metric_seq AS "lastMetricSeq",
            (SELECT count(*)::int FROM evaluations
             WHERE run_id = $1 AND status IN ('PENDING', 'RUNNING')) AS "openEvaluations"
     FROM runs WHERE id = $1`,
    [runId],
  );
  return rows[0] ?? null;
}

/** Consecutive lines of one stream of one attempt. */
export type LogBatch = {
  firstSeq: number;
  lastSeq: number;
  attempt: number;
  stream: LogStream;
  data: Buffer;
  createdAt: Date;
};

const CHUNKS = 64;
const NEWLINE = 10;

/** The lines of a chunk after line `after`, when it begins before. */
function trim(batch: LogBatch, after: number): LogBatch {
  let data = batch.data;
  for (let skip = after - batch.firstSeq + 1; skip > 0; skip--) {
    data = data.subarray(data.indexOf(NEWLINE) + 1);
  }
  return { ...batch, firstSeq: Math.max(batch.firstSeq, after + 1), data };
}

/** Joins neighbours of one stream into batches of at most `max` bytes, for fewer messages. */
function join(batches: LogBatch[], max = 256 * 1024): LogBatch[] {
  const joined: LogBatch[] = [];
  for (const batch of batches) {
    const last = joined.at(-1);
    const fits =
      last &&
      last.stream === batch.stream &&
      last.attempt === batch.attempt &&
      last.data.at(-1) === NEWLINE &&
      last.data.length + batch.data.length <= max;
    if (fits) {
      const data = Buffer.concat([last.data, batch.data]);
      joined[joined.length - 1] = { ...last, lastSeq: batch.lastSeq, data };
    } else joined.push(batch);
  }
  return joined;
}

/** A page of the log after line `after`. */
export async function readLog(
  sql: Pool,
  runId: string,
  after: number,
  chunks = CHUNKS,
): Promise<{ batches: LogBatch[]; hasMore: boolean }> {
  // The chunk that holds `after` may begin before it; the one with the greatest start does.
  const { rows } = await sql.query<LogBatch>(
    `SELECT first_seq AS "firstSeq", last_seq AS "lastSeq", attempt, stream, data,
            created_at AS "createdAt"
     FROM log_chunks
     WHERE run_id = $1 AND last_seq > $2 AND first_seq >= coalesce(
       (SELECT max(first_seq) FROM log_chunks WHERE run_id = $1 AND first_seq <= $2), 0)
     ORDER BY first_seq LIMIT $3`,
    [runId, after, chunks],
  );
  return {
    batches: join(rows.map((row) => (row.firstSeq <= after ? trim(row, after) : row))),
    hasMore: rows.length === chunks,
  };
}

/** A page of events after event `after`. */
export async function readEvents(
  sql: Pool,
  runId: string,
  after: number,
  limit = 500,
): Promise<{ events: RunEventRow[]; hasMore: boolean }> {
  const { rows } = await sql.query<RunEventRow>(
    `SELECT run_id AS "runId", seq, attempt, kind, data, created_at AS "createdAt"
     FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [runId, after, limit],
  );
  return { events: rows, hasMore: rows.length === limit };
}

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

/**
 * The series of a run, each step from the newest attempt that reported it. A series longer than
 * `maxPoints` is cut into that many buckets, of which the smallest and the greatest value and
 * whatever is not finite stay, so a spike is never smoothed away.
 */
export async function readMetrics(
  sql: Pool,
  runId: string,
  names: string[] | null,
  maxPoints: number,
): Promise<Map<string, MetricRow[]>> {
  const { rows } = await sql.query<MetricRow>(
    `SELECT DISTINCT ON (name, step) seq, name, step, attempt, value, at
     FROM metric_points WHERE run_id = $1 AND ($2::text[] IS NULL OR name = ANY($2))
     ORDER BY name, step, attempt DESC`,
    [runId, names],
  );
  const series = Map.groupBy(rows, (row) => row.name);
  for (const [name, points] of series) series.set(name, thinOut(points, maxPoints));
  return series;
}

function thinOut(points: MetricRow[], maxPoints: number): MetricRow[] {
  if (points.length <= maxPoints) return points;
  const buckets = Math.max(1, Math.floor(maxPoints / 2));
  const size = points.length / buckets;
  const kept = new Set<MetricRow>([points[0] as MetricRow, points.at(-1) as MetricRow]);
  for (let i = 0; i < buckets; i++) {
    const bucket = points.slice(Math.floor(i * size), Math.floor((i + 1) * size));
    const finite = bucket.filter((point) => Number.isFinite(point.value));
    for (const point of bucket) if (!Number.isFinite(point.value)) kept.add(point);
    if (finite.length === 0) continue;
    kept.add(finite.reduce((a, b) => (b.value < a.value ? b : a)));
    kept.add(finite.reduce((a, b) => (b.value > a.value ? b : a)));
  }
  return points.filter((point) => kept.has(point));
}

/** How many PENDING runs will be taken before this one; null when it is not PENDING. */
export async function queuePosition(sql: Pool, runId: string): Promise<number | null> {
  const { rows } = await sql.query<{ ahead: number }>(
    `SELECT (SELECT count(*)::int FROM runs other WHERE other.status = 'PENDING'
       AND (other.priority > run.priority
         OR (other.priority = run.priority AND (other.queued_at, other.id) < (run.queued_at, run.id))
       )) AS ahead
     FROM runs run WHERE run.id = $1 AND run.status = 'PENDING'`,
    [runId],
  );
  return rows[0]?.ahead ?? null;
}

/** How many runs wait. */
export async function pendingCount(sql: Pool): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM runs WHERE status = 'PENDING'`,
  );
  return rows[0]?.count ?? 0;
}
