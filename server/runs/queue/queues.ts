import type { Pool } from 'pg';
import { IS_ONLINE } from '../../runners/read.ts';
import { ORDER } from './order.ts';

/** The runs that require exactly the same labels. */
export type QueueState = {
  /** The labels, joined by `,`. */
  key: string;
  labels: string[];
  pausedAt: Date | null;
  reason: string | null;
  pendingCount: number;
  runningCount: number;
};

/** How many of the runs that wait a queue lists. */
const LISTED = 100;

/**
 * Queues in which something waits, runs or is paused, and always the one of runs that require
 * nothing; by key. With a key, that one alone, also when there is nothing in it.
 */
export async function readQueues(sql: Pool, key: string | null = null): Promise<QueueState[]> {
  const { rows } = await sql.query<QueueState>(
    `WITH counted AS (
       SELECT required_labels AS labels,
              count(*) FILTER (WHERE status = 'PENDING')::int AS pending,
              count(*) FILTER (WHERE status = 'RUNNING')::int AS running
       FROM runs WHERE status IN ('PENDING', 'RUNNING') GROUP BY required_labels
     ),
     known AS (
       SELECT labels FROM counted
       UNION SELECT string_to_array(key, ',') FROM run_queues WHERE paused_at IS NOT NULL
       UNION SELECT string_to_array(coalesce($1, ''), ',')
     )
     SELECT array_to_string(labels, ',') AS key, labels, paused_at AS "pausedAt", reason,
            coalesce(pending, 0) AS "pendingCount", coalesce(running, 0) AS "runningCount"
     FROM known LEFT JOIN counted USING (labels)
     LEFT JOIN run_queues queue ON queue.key = array_to_string(labels, ',')
     WHERE $1::text IS NULL OR array_to_string(labels, ',') = $1
     ORDER BY 1`,
    [key],
  );
  return rows;
}

/** Ids of the first runs that wait in a queue, in the order in which they will be taken. */
export async function waitingRunIds(sql: Pool, labels: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM runs WHERE status = 'PENDING' AND required_labels = $1
     ORDER BY ${ORDER} LIMIT ${LISTED}`,
    [labels],
  );
  return rows.map(({ id }) => id);
}

/** Ids of the runners that are alive and offer all these labels, the oldest first. */
export async function offeringRunnerIds(sql: Pool, labels: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM runners WHERE ${IS_ONLINE} AND labels @> $1::text[] ORDER BY started_at, id`,
    [labels],
  );
  return rows.map(({ id }) => id);
}
