/**
 * The whole way with real processes: the command line sends a file, and the server is killed in the
 * middle of it again and again.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { mersenne } from '../../server/lib/mersenne.ts';
import { createDatabase } from '../../server/test/database.ts';
import { makePayload } from '../../server/test/make.ts';

const KILLS = 20;
const LINES = 30_000;
const EVERY_BAD = 1000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function startServer(url: string, port: number, dir: string): Promise<ChildProcess> {
  const env = {
    ...process.env,
    DATABASE_URL: url,
    PORT: String(port),
    DATA_DIR: dir,
    LOG_LEVEL: 'silent',
  };
  const child = fork(resolve('server/api.ts'), { env });
  await once(child, 'message');
  return child;
}

test(`an import whose server is killed ${KILLS} times stores each line once`, {
  timeout: 240_000,
}, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  const { below } = mersenne(seed);
  // After the next batch is saved, this many ms pass before the kill.
  const delays = Array.from({ length: KILLS }, () => below(120));
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-recovery-'));
  await using database = await createDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  const port = await freePort();
  const file = join(dir, 'traces.jsonl');
  const padding = 'x'.repeat(1200);
  const lines = Array.from({ length: LINES }, (_, index) =>
    index % EVERY_BAD === 7
      ? '{"broken": '
      : JSON.stringify(makePayload({ meta: { index, padding } })),
  );
  await writeFile(file, `${lines.join('\n')}\n`);

  const url = `http://127.0.0.1:${port}`;
  const command = [
    resolve('server/cli/tunix-rt.js'),
    'import',
    file,
    '--url',
    url,
    '--json',
    '--wait',
    '90',
  ];
  const cli = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  cli.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const ended = once(cli, 'exit');
  const saved = async () => {
    const { rows } = await sql.query<{ bytes: string }>('SELECT bytes FROM import_sessions');
    return Number(rows[0]?.bytes ?? 0);
  };

  let server: ChildProcess | undefined;
  try {
    let last = 0;
    for (const delay of delays) {
      server = await startServer(database.url, port, dir);
      await expect.poll(saved, { interval: 5 }).toBeGreaterThan(last);
      await wait(delay);
      server.kill('SIGKILL');
      await once(server, 'exit');
      last = await saved();
    }
    server = await startServer(database.url, port, dir);
    const [code] = await ended;
    expect(code, `SEED=${seed}`).toBe(1); // some lines were rejected
  } finally {
    cli.kill('SIGKILL');
    server?.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  }
  const bad = LINES / EVERY_BAD;
  expect(JSON.parse(printed), `SEED=${seed}`).toMatchObject({
    status: 'COMPLETED',
    lines: LINES,
    stored: LINES - bad,
    duplicates: 0,
    rejected: bad,
    report: Array.from({ length: bad }, (_, n) => ({ line: n * EVERY_BAD + 8, code: 'BAD_JSON' })),
  });
  const { rows } = await sql.query(
    `SELECT count(*) AS traces, count(DISTINCT import_line) AS lines,
       (SELECT sum(cardinality(trace_ids)) FROM search_backlog) IS NULL
         OR (SELECT count(*) FROM import_sessions) = 1 AS one FROM traces`,
  );
  expect(rows).toMatchObject([{ one: true }]);
  expect(Number(rows[0].traces)).toBe(LINES - bad);
  expect(Number(rows[0].lines)).toBe(LINES - bad);
  await sql.end();
});
