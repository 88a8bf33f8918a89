import type { Pool } from 'pg';
import { RUNNER_ONLINE_SECONDS } from '../runs/validate.ts';

/** Ids of the runners that are alive, by the database's clock. */
export async function onlineRunnerIds(sql: Pool): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM runners WHERE stopped_at IS NULL
       AND heartbeat_at > clock_timestamp() - make_interval(secs => $1)`,
    [RUNNER_ONLINE_SECONDS],
  );
  return new Set(rows.map(({ id }) => id));
}
