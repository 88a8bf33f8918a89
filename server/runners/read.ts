import type { Pool } from 'pg';

/** A runner that has not been heard for this long counts as gone. */
const ONLINE_SECONDS = 20;

/** Ids of the runners that are alive, by the database's clock. */
export async function onlineRunnerIds(sql: Pool): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM runners WHERE stopped_at IS NULL
       AND heartbeat_at > clock_timestamp() - make_interval(secs => $1)`,
    [ONLINE_SECONDS],
  );
  return new Set(rows.map(({ id }) => id));
}
