/** Gives up the files of runs that ended long ago. Their rows stay, with size and digest. */
import type { Pool } from 'pg';
import { distinct, removeUnnamed } from './keep.ts';
import type { ObjectStore } from './store.ts';

/** Which files of a run: its checkpoints, or all others, the exported model among them. */
export type Files = 'CHECKPOINTS' | 'OTHERS';

/**
 * Gives up files of runs that ended so many days ago; 0 keeps all. Those of a run that is measured
 * against, as a baseline, and those that a run which is not over began with are kept.
 */
export async function giveUpOld(
  app: { sql: Pool; store: ObjectStore },
  files: Files,
  days: number,
): Promise<void> {
  if (days === 0) return;
  const { rows } = await app.sql.query<{ sha256: string }>(
    `UPDATE artifacts SET deleted_at = clock_timestamp() FROM runs run
     WHERE run.id = run_id AND (kind = 'CHECKPOINT') = $1 AND deleted_at IS NULL
       AND run.finished_at < clock_timestamp() - make_interval(secs => $2 * 86400)
       AND NOT EXISTS (SELECT 1 FROM runs child WHERE child.parent_id = run.id
                       AND child.parent_kind = 'RESUME' AND child.finished_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM baselines JOIN evaluations
                         ON evaluations.id = baselines.evaluation_id
                       WHERE evaluations.run_id = run.id)
     RETURNING sha256`,
    [files === 'CHECKPOINTS', days],
  );
  await removeUnnamed(app, distinct(rows));
}
