import type { Pool, PoolClient } from 'pg';

const ignore = () => {};

/** Runs `work` in one transaction on a connection of its own: all of it is stored, or nothing. */
export async function inTransaction<T>(
  sql: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await sql.connect();
  // The pool listens to idle connections only: one that is ended between two statements would end the
  // process. The next statement fails and says why.
  client.on('error', ignore);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A broken connection rolls back by itself; what broke it is what counts.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.off('error', ignore);
    client.release();
  }
}
