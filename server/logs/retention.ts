/** Deletes the logs of runs that ended long ago, where the administrator wants that. */
import type { App } from '../app.ts';

/** Runs whose lines go in one statement. */
const AT_ONCE = 20;

const DELETE = `
  WITH old AS (
    UPDATE runs SET log_deleted_at = clock_timestamp()
    WHERE id IN (
      SELECT id FROM runs
      WHERE status NOT IN ('PENDING', 'RUNNING') AND log_deleted_at IS NULL AND last_log_seq > 0
        AND finished_at < clock_timestamp() - make_interval(days => $1)
      ORDER BY finished_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING id),
  gone AS (DELETE FROM log_chunks WHERE run_id IN (SELECT id FROM old))
  SELECT id FROM old`;

/** Deletes what is due and answers of how many runs. The end of a log stays on its run's row. */
export async function deleteOldLogs(app: Pick<App, 'sql' | 'bell' | 'config'>): Promise<number> {
  const { retentionDays } = app.config.logs;
  let runs = 0;
  while (retentionDays > 0) {
    const { rows } = await app.sql.query<{ id: string }>(DELETE, [retentionDays]);
    for (const { id } of rows) app.bell.ring(`run:${id}`);
    runs += rows.length;
    if (rows.length < AT_ONCE) break;
  }
  return runs;
}
