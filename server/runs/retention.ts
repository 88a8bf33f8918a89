/** Deletes events and metric points of runs that ended long ago, where the administrator wants that. */
import type { App } from '../app.ts';

/** Runs whose rows go in one statement. */
const AT_ONCE = 20;

const DELETE = `
  WITH old AS (
    UPDATE runs SET events_deleted_at = clock_timestamp(), version = version + 1
    WHERE id IN (
      SELECT id FROM runs
      WHERE status NOT IN ('PENDING', 'RUNNING') AND events_deleted_at IS NULL
        AND (last_event_seq > 0 OR last_metric_seq > 0)
        AND finished_at < clock_timestamp() - make_interval(days => $1)
      ORDER BY finished_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING id),
  events AS (DELETE FROM run_events WHERE run_id IN (SELECT id FROM old)),
  points AS (DELETE FROM metric_points WHERE run_id IN (SELECT id FROM old))
  SELECT id FROM old`;

/** Deletes what is due and answers of how many runs. What a run came to stays on its row. */
export async function deleteOldEvents(app: Pick<App, 'sql' | 'bell' | 'config'>): Promise<number> {
  const { retentionDays } = app.config.events;
  let runs = 0;
  while (retentionDays > 0) {
    const { rows } = await app.sql.query<{ id: string }>(DELETE, [retentionDays]);
    for (const { id } of rows) app.bell.ring(`run:${id}`);
    if (rows.length > 0) app.bell.ring('runs');
    runs += rows.length;
    if (rows.length < AT_ONCE) break;
  }
  return runs;
}
