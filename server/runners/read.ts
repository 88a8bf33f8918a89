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

/** Why no runner can start a Python process now, and what to do; null when one that is alive can. */
export async function whyNoPython(sql: Pool): Promise<string | null> {
  const online = await onlineRunnerIds(sql);
  if (online.size === 0) return 'No runner is connected. Start one with `npm run runner`.';
  const { rows } = await sql.query<{ ready: boolean; message: string }>(
    `SELECT (runtime->>'ready')::boolean AS ready, runtime->>'message' AS message FROM runners
     WHERE id = ANY($1) ORDER BY started_at`,
    [[...online]],
  );
  if (rows.some(({ ready }) => ready)) return null;
  return `No connected runner has Python. ${rows[0]?.message ?? ''}`;
}
