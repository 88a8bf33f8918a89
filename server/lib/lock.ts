import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';

const AGAIN_MS = 250;

/**
 * Does `work` while nobody else with the same key does theirs, in any process on this database.
 * Waits for its turn. The lock is of a connection, so it goes with the process that had it.
 * @param work gets a signal that aborts with the given one, and when the lock is lost.
 * @throws what `work` throws; the reason of the signal when it aborts while waiting.
 */
export async function withLock(
  sql: Pool,
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = await sql.connect();
  const lost = new AbortController();
  // Without a listener a connection that breaks while it only holds the lock would end the process.
  const onError = (error: unknown) => lost.abort(error);
  client.on('error', onError);
  let isLocked = false;
  try {
    while (!isLocked) {
      signal.throwIfAborted();
      const { rows } = await client.query<{ locked: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
        [key],
      );
      isLocked = rows[0]?.locked ?? false;
      if (!isLocked) await pause(AGAIN_MS, undefined, { signal });
    }
    await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    const unlocked = await client
      .query('SELECT pg_advisory_unlock_all()')
      .then(() => true)
      .catch(() => false);
    client.off('error', onError);
    // A connection that may still hold the lock must not go back to the pool.
    client.release(!unlocked);
  }
}
