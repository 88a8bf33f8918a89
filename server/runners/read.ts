import type { Pool } from 'pg';

/**
 * Whether a runner is alive, by the database's clock, as a condition on its row: three heartbeats in a
 * row were not missed.
 */
export const IS_ONLINE =
  "(stopped_at IS NULL AND heartbeat_at > clock_timestamp() - interval '15 seconds')";

/** Ids of the runners that are alive. */
export async function onlineRunnerIds(sql: Pool): Promise<Set<string>> {
  const { rows } = await sql.query<{ id: string }>(`SELECT id FROM runners WHERE ${IS_ONLINE}`);
  return new Set(rows.map(({ id }) => id));
}

/** Whether a runner is alive, and how many seconds ago it was heard of, by the database's clock. */
export async function readPresence(
  sql: Pool,
  id: string,
): Promise<{ online: boolean; ageSeconds: number }> {
  const { rows } = await sql.query<{ online: boolean; ageSeconds: number }>(
    `SELECT ${IS_ONLINE} AS online,
            greatest(0, extract(epoch FROM clock_timestamp() - heartbeat_at))::float8 AS "ageSeconds"
     FROM runners WHERE id = $1`,
    [id],
  );
  return rows[0] ?? { online: false, ageSeconds: 0 };
}

/** A runner of this name that is alive on this host; null when there is none. */
export async function findNamesake(
  sql: Pool,
  name: string,
  host: string,
): Promise<{ id: string; pid: number } | null> {
  const { rows } = await sql.query<{ id: string; pid: number }>(
    `SELECT id, pid FROM runners WHERE name = $1 AND host = $2 AND ${IS_ONLINE}
     ORDER BY started_at DESC LIMIT 1`,
    [name, host],
  );
  return rows[0] ?? null;
}

/** Ids of runs the runner had, the last first, at most 10; those it has now are not among them. */
export async function recentRunIds(sql: Pool, runnerId: string): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT run_id AS id FROM run_attempts WHERE runner_id = $1
     GROUP BY run_id HAVING bool_and(status <> 'RUNNING')
     ORDER BY max(started_at) DESC LIMIT 10`,
    [runnerId],
  );
  return rows.map(({ id }) => id);
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
