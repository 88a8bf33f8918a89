/** Trainings that do not come to their first step: while they run, and after they have ended. */
import type { Tx } from '../../db.ts';

/** How long a process may take to its first step before it counts as stalled: compiling takes minutes. */
export const STALL_SECONDS = 300;

/**
 * Seconds since the training process of the current attempt began, by the database's clock; null when it
 * has made a step, had none to make, or none has begun.
 */
export async function stalledSeconds(
  db: Pick<Tx, '$queryRaw'>,
  runId: string,
): Promise<number | null> {
  const [row] = await db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM clock_timestamp() - event.created_at)::float8 AS seconds
    FROM runs run JOIN run_events event
      ON event.run_id = run.id AND event.attempt = run.epoch AND event.kind = 'STARTED'
    WHERE run.id = ${runId}::uuid AND (run.step < run.total_steps) IS NOT FALSE
      AND NOT EXISTS (SELECT 1 FROM metric_points point WHERE point.run_id = run.id
        AND point.name = 'train/loss' AND point.attempt = run.epoch)
    ORDER BY event.seq LIMIT 1`;
  return row?.seconds ?? null;
}
