import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readPassword, USER } from './cluster.ts';
import { PostgresInUseError } from './errors.ts';
import { DATABASE, type EmbeddedPostgres, openPostgres } from './start.ts';

/**
 * The embedded server of a folder: the one that runs there, or else one of our own until it is disposed.
 * @throws PostgresStartError
 */
export async function reachPostgres(
  dir: string,
  log: (line: string) => void,
): Promise<Pick<EmbeddedPostgres, 'url'> & AsyncDisposable> {
  try {
    return await openPostgres({ dir, log });
  } catch (error) {
    if (!(error instanceof PostgresInUseError)) throw error;
    // PostgreSQL writes the port on the fourth line.
    const lines = await readFile(join(resolve(dir), 'cluster/postmaster.pid'), 'utf8');
    const port = Number(lines.split('\n')[3]);
    const url = `postgresql://${USER}:${await readPassword(dir)}@127.0.0.1:${port}/${DATABASE}`;
    return { url, [Symbol.asyncDispose]: async () => {} };
  }
}
