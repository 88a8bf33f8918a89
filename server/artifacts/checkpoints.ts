/** The stored checkpoints of runs: which there are, and which are given up for newer ones. */
import type { Pool } from 'pg';
import { distinct, removeUnnamed } from './keep.ts';
import type { ObjectStore } from './store.ts';

export type CheckpointRow = {
  step: number;
  attempt: number;
  at: Date;
  size: number;
  files: number;
  /** Whether its files are still kept. */
  available: boolean;
};

/** Those before are of no use to anybody. */
const NEWEST = 200;

/** The checkpoints a run stored, the newest 200 of them, newest step first. */
export async function listCheckpoints(sql: Pool, runId: string): Promise<CheckpointRow[]> {
  const { rows } = await sql.query<CheckpointRow>(
    `SELECT step, attempt, min(created_at) AS at, sum(size)::float8 AS size, count(*)::int AS files,
       bool_and(deleted_at IS NULL) AS available
     FROM artifacts WHERE run_id = $1 AND kind = 'CHECKPOINT' AND step IS NOT NULL
     GROUP BY step, attempt ORDER BY step DESC, attempt DESC LIMIT ${NEWEST}`,
    [runId],
  );
  return rows;
}

/**
 * Gives up all checkpoints of a run but the newest, and those that other runs began with. Their rows
 * stay.
 */
export async function keepNewest(
  app: { sql: Pool; store: ObjectStore },
  runId: string,
  kept: number,
): Promise<void> {
  const { rows } = await app.sql.query<{ sha256: string }>(
    `WITH placed AS (
       SELECT step, attempt, row_number() OVER (ORDER BY step DESC, attempt DESC) AS place
       FROM artifacts
       WHERE run_id = $1 AND kind = 'CHECKPOINT' AND step IS NOT NULL AND deleted_at IS NULL
       GROUP BY step, attempt)
     UPDATE artifacts SET deleted_at = clock_timestamp() FROM placed
     WHERE run_id = $1 AND kind = 'CHECKPOINT' AND deleted_at IS NULL AND placed.place > $2
       AND artifacts.step = placed.step AND artifacts.attempt = placed.attempt
       AND NOT EXISTS (SELECT 1 FROM runs child WHERE child.parent_id = $1
                       AND child.parent_kind = 'RESUME' AND child.resume_step = placed.step)
     RETURNING sha256`,
    [runId, kept],
  );
  await removeUnnamed(app, distinct(rows));
}
