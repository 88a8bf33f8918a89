import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimFolder } from './owner.ts';
import { startOf } from './pids.ts';
import { openPostgres, PostgresInUseError, PostgresStartError, removePostgres } from './start.ts';

const START = fileURLToPath(new URL('./start.ts', import.meta.url));

let dir: string;
let children: ChildProcess[];
const log = () => {};
const open = (at = dir) => openPostgres({ dir: at, log, durable: false });

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-test-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) await kill(child);
  await removePostgres(dir, log);
});

/** Another Node process that opens the folder, runs the SQL and stays. */
async function openElsewhere(sql: string, durable = false): Promise<ChildProcess> {
  const script = `
    const { openPostgres } = await import(${JSON.stringify(START)});
    const { default: pg } = await import('pg');
    const options = ${JSON.stringify({ dir, durable })};
    const server = await openPostgres({ ...options, log() {} });
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(${JSON.stringify(sql)});
    console.log('open');
    process.stdin.once('data', () => process.exit());`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  children.push(child);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('ended before it opened')));
  ended.catch(() => {});
  await Promise.race([once(createInterface({ input: child.stdout as Readable }), 'line'), ended]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterPid = async () =>
  Number((await readFile(join(dir, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0]);

describe('openPostgres', () => {
  test('gives a UTF-8 database that sorts the same everywhere', async () => {
    await using server = await open();
    const [row] = await query(
      server.url,
      `SELECT current_database() AS name, pg_encoding_to_char(encoding) AS encoding,
              datlocprovider AS provider, datlocale AS locale, upper('ähnlich') AS upper
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(row).toEqual({
      name: 'tunix_rt',
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      upper: 'ÄHNLICH',
    });
  });

  test('listens on the loopback interface only, and asks for the password', async () => {
    await using server = await open();
    expect(
      await query(
        server.url,
        `SELECT name, setting FROM pg_settings
         WHERE name IN ('listen_addresses', 'unix_socket_directories') ORDER BY name`,
      ),
    ).toEqual([
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('is durable unless told otherwise', async () => {
    const lines: string[] = [];
    await using server = await openPostgres({ dir, log: (line) => lines.push(line) });
    expect(
      await query(
        server.url,
        `SELECT DISTINCT setting FROM pg_settings
         WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`,
      ),
    ).toEqual([{ setting: 'on' }]);
    expect(lines).toContain('LOG:  database system is ready to accept connections');
  });

  test('keeps its data and its password between starts', async () => {
    const first = await open();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    await using second = await open();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
  });

  test('lets only its owner read the password', async () => {
    await using _server = await open();
    expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'cluster'))).mode & 0o777).toBe(0o700);
    expect((await readdir(dir)).sort()).toEqual(['cluster', 'owner.1', 'password']);
  });

  test('says when it ended although nobody stopped it', async () => {
    const lost = Promise.withResolvers<string>();
    await using _server = await openPostgres({ dir, log, onLost: lost.resolve, durable: false });
    process.kill(await postmasterPid(), 'SIGQUIT');
    expect(await lost.promise).toContain('PostgreSQL ended by itself');
  });

  test('stops any number of times, sessions or not', async () => {
    const server = await open();
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => {});
    await client.connect();
    const pid = await postmasterPid();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    await server[Symbol.asyncDispose]();
    expect(await startOf(pid)).toBeUndefined();
    await client.end();
  });

  test('refuses a second owner in the same process', async () => {
    await using _server = await open();
    await expect(open()).rejects.toThrow(PostgresInUseError);
  });

  test('names the other process that owns the folder, and the way out', async () => {
    const child = await openElsewhere('SELECT 1');
    const refused = await open().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PostgresInUseError);
    expect(refused).toMatchObject({ dir, pid: child.pid });
    expect(String(refused)).toMatch(/Stop that process, or set DATA_DIR .* or set DATABASE_URL/);
  });

  test('takes over from an owner that was killed, with everything it had committed', async () => {
    const child = await openElsewhere('CREATE TABLE kept AS SELECT 42 AS answer');
    const orphan = await postmasterPid();
    await kill(child);
    expect(await startOf(orphan)).toBeDefined();
    await using server = await open();
    expect(await startOf(orphan)).toBeUndefined();
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('takes over when the server was killed as well', async () => {
    const child = await openElsewhere('CREATE TABLE kept AS SELECT 42 AS answer', true);
    process.kill(await postmasterPid(), 'SIGKILL');
    await kill(child);
    await using server = await open();
    expect(await query(server.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  test('takes its server along when the owner just ends', async () => {
    const child = await openElsewhere('SELECT 1');
    const pid = await postmasterPid();
    child.stdin?.write('end\n');
    await once(child, 'exit');
    await expect.poll(() => startOf(pid), { timeout: 10_000 }).toBeUndefined();
  });

  test('is not misled by a pid that now belongs to something else', async () => {
    await (await open()).stop();
    const recycled = [process.pid, join(dir, 'cluster'), 0, 5432, '', '127.0.0.1', '', 'ready'];
    await writeFile(join(dir, 'cluster/postmaster.pid'), recycled.join('\n'));
    await using server = await open();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('begins anew after a first start that was interrupted', async () => {
    await mkdir(join(dir, 'cluster.draft/base'), { recursive: true });
    await writeFile(join(dir, 'initdb.password'), 'half');
    await using server = await open();
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('says what PostgreSQL said when it does not start, and lets go of the folder', async () => {
    await (await open()).stop();
    await rm(join(dir, 'cluster/PG_VERSION'));
    for (const _ of ['first', 'again']) {
      const broken = await open().catch((error: unknown) => error);
      expect(broken).toBeInstanceOf(PostgresStartError);
      expect(String(broken)).toMatch(/PostgreSQL did not start\.\n.*not a valid data directory/s);
    }
  });

  test('works below a folder that is closed to other users', async () => {
    await chmod(dir, 0o700);
    await using server = await open(join(dir, 'deeper'));
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('claimFolder', () => {
  test('has one winner among many, each time the owner before is dead', async () => {
    for (const round of [1, 2, 3]) {
      await writeFile(join(dir, `owner.${round * 10}`), JSON.stringify({ pid: 1, start: 'past' }));
      const claims = await Promise.allSettled(Array.from({ length: 20 }, () => claimFolder(dir)));
      const won = claims.filter((claim) => claim.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(await readdir(dir)).toEqual([`owner.${round * 10 + 1}`]);
      await won[0]?.value.release();
    }
  });
});
