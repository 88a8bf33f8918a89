/**
 * PostgreSQL that comes with the product: a real server in a folder, for those who bring none.
 *
 * It belongs to one process at a time and lives as long as that process. Only this machine reaches
 * it, with a password. What a killed process leaves behind is cleaned up at the next start.
 */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { findAccount } from './account.ts';
import { findPrograms, initialise, readPassword, USER } from './cluster.ts';
import { PostgresStartError } from './errors.ts';
import { type Claim, claimFolder } from './owner.ts';
import { startPostmaster, stopOrphan } from './postmaster.ts';

export { PostgresInUseError, PostgresStartError } from './errors.ts';

/** The one database of every embedded server. */
export const DATABASE = 'tunix_rt';

/** An embedded server that runs. */
export type EmbeddedPostgres = AsyncDisposable & {
  /** Of the database `tunix_rt`, password included. */
  readonly url: string;
  /** Ends all sessions, stops the server and gives the folder free. Any number of times. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Where it keeps its files; created when absent. */
  dir: string;
  /** Gets every line PostgreSQL writes. */
  log: (line: string) => void;
  /** Is told when PostgreSQL ended although nobody stopped it. */
  onLost?: (why: string) => void;
  /** `false` trades safety in a power failure for speed. For tests. */
  durable?: boolean;
};

/**
 * Starts PostgreSQL in the folder, creating server and database on first use.
 * @throws PostgresInUseError when another open one, in any process, holds the folder.
 * @throws PostgresStartError when PostgreSQL cannot run here; the message says why and what to do.
 */
export async function openPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, onLost, durable = true } = options;
  const dir = resolve(options.dir);
  const claim = await claimOrExplain(dir);
  try {
    const cluster = join(dir, 'cluster');
    const programs = await findPrograms();
    const password = await readPassword(dir);
    const account = await findAccount(cluster);
    // The account has to pass; what is in here is closed to others file by file.
    if (account) await chmod(dir, 0o711);
    await stopOrphan(cluster, log);
    await initialise({ programs, dir, cluster, account, password, durable });
    const server = await startPostmaster({ programs, cluster, account, durable, log, onLost });
    const url = `postgresql://${USER}:${password}@127.0.0.1:${server.port}/${DATABASE}`;
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= server.stop().then(claim.release));
    try {
      await createDatabase(url);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return { url, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function claimOrExplain(dir: string): Promise<Claim> {
  try {
    await mkdir(dir, { recursive: true });
    return await claimFolder(dir);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw cause;
    throw new PostgresStartError(
      `The folder ${dir} is not ours to write to (${code}). If another user made it, start as ` +
        'that user; or set DATA_DIR to another folder.',
      { cause },
    );
  }
}

async function createDatabase(url: string): Promise<void> {
  const at = new URL(url);
  at.pathname = '/postgres';
  const client = new pg.Client({ connectionString: at.href });
  await client.connect();
  try {
    const known = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/**
 * Deletes the folder of a server whose owner is dead, and ends the server if it still runs.
 * @throws PostgresInUseError when its owner is alive.
 */
export async function removePostgres(dir: string, log: (line: string) => void): Promise<void> {
  await claimFolder(dir);
  await stopOrphan(join(dir, 'cluster'), log);
  await rm(dir, { recursive: true, force: true });
}
