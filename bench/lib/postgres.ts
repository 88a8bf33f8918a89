/**
 * A PostgreSQL for one benchmark: its own data folder, a free port, loopback only, durable, with the
 * settings the product gives its embedded server.
 */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findAccount, launchAs, serverEnv } from '../../server/postgres/account.ts';
import { findPrograms, initialise, USER } from '../../server/postgres/cluster.ts';
import { migrate } from '../../server/postgres/migrate.ts';
import { startPostmaster } from '../../server/postgres/postmaster.ts';

const run = promisify(execFile);

// Nobody else reaches the server while it lives, and it holds nothing of worth.
const PASSWORD = 'bench';

export type BenchPostgres = AsyncDisposable & {
  readonly pid: number;
  /** The folder of its programs. */
  readonly programs: string;
  /** `pgbench`, when the machine has one of any version. */
  readonly pgbench: string | null;
  /** A database with the product's schema; an existing one of this name is kept. */
  openDatabase(name: string, options?: { migrated?: boolean }): Promise<BenchDatabase>;
};

type BenchDatabase = AsyncDisposable & {
  readonly url: string;
  readonly sql: pg.Pool;
};

export type PostgresOptions = {
  /** `system` needs 15 or later from `POSTGRES_BIN` or `pg_config`. */
  kind: 'auto' | 'system' | 'embedded';
  /** Kept, and used again by the next benchmark with the same; temporary without it. */
  dir?: string | undefined;
  log: (line: string) => void;
};

/**
 * Starts the server, creating its folder when there is none.
 * @throws Error when `system` is asked for and there is none that will do.
 */
export async function openBenchPostgres(options: PostgresOptions): Promise<BenchPostgres> {
  const system = await systemPrograms();
  if (options.kind === 'system' && !system) {
    throw new Error('No PostgreSQL 15 or later is here. Name its programs: POSTGRES_BIN=…/bin.');
  }
  const programs = (options.kind !== 'embedded' && system) || (await findPrograms());
  const dir = options.dir ? resolve(options.dir) : await mkdtemp(join(tmpdir(), 'tunix-rt-bench-'));
  await mkdir(dir, { recursive: true });
  const cluster = join(dir, 'cluster');
  const account = await findAccount(cluster);
  if (account) await chmod(dir, 0o711);
  const given = { programs, dir, cluster, account, password: PASSWORD, durable: true };
  if (programs === system) await initialiseSystem(given);
  else await initialise(given);
  const server = await startPostmaster({ ...given, log: options.log });
  const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const base = `postgresql://${USER}:${PASSWORD}@127.0.0.1:${server.port}`;
  return {
    pid,
    programs,
    pgbench: (system && (await existing(join(system, 'pgbench')))) || null,
    openDatabase: (name, { migrated = true } = {}) => openDatabase(base, name, migrated),
    async [Symbol.asyncDispose]() {
      await server.stop();
      if (!options.dir) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function openDatabase(base: string, name: string, migrated: boolean): Promise<BenchDatabase> {
  const admin = new pg.Client({ connectionString: `${base}/postgres` });
  await admin.connect();
  try {
    const known = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (known.rowCount === 0) await admin.query(`CREATE DATABASE ${name}`);
  } finally {
    await admin.end();
  }
  const url = `${base}/${name}`;
  if (migrated) await migrate(url);
  const sql = new pg.Pool({ connectionString: url, max: 4 });
  // The server is stopped while connections rest; that is no reason to end without a report.
  sql.on('error', () => {});
  return { url, sql, [Symbol.asyncDispose]: () => sql.end() };
}

/** The programs of an installed server of version 15 or later. */
async function systemPrograms(): Promise<string | null> {
  const dir =
    process.env.POSTGRES_BIN ??
    (await run('pg_config', ['--bindir']).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    ));
  if (!dir || !(await existing(join(dir, 'initdb')))) return null;
  const { stdout } = await run(join(dir, 'postgres'), ['--version']);
  return Number(/(\d+)/.exec(stdout)?.[1]) >= 15 ? dir : null;
}

/** Like the embedded server's folder; the collation C sorts as its built-in C.UTF-8 does. */
async function initialiseSystem(options: Parameters<typeof initialise>[0]): Promise<void> {
  const { programs, dir, cluster, account, password } = options;
  if (await existing(cluster)) return;
  const passwordFile = join(dir, 'initdb.password');
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) {
    await chown(cluster, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const args = [
    `--pgdata=${cluster}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--lc-collate=C',
    '--lc-messages=C',
    '--no-instructions',
  ];
  const initdb = join(programs, 'initdb');
  const { file, args: all, uid, gid } = await launchAs(account, initdb, args, [initdb, cluster]);
  await run(file, all, { uid, gid, cwd: '/', env: serverEnv });
  await rm(passwordFile);
}

const existing = (path: string): Promise<string | null> =>
  stat(path).then(
    () => path,
    () => null,
  );
