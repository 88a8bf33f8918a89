import { once } from 'node:events';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openClient } from '../../server/demo/client.ts';
import { sampleSeeds } from '../../server/samples/arithmetic.ts';
import { createDatabase, type TestDatabase } from '../../server/test/database.ts';
import { readChunks } from '../faults/invariants.ts';
import { importSamples } from '../loop.ts';
import { outputOf } from '../outputOf.ts';
import { openProxy } from '../proxy.ts';
import { type Python, pythonWith } from '../python.ts';
import { type System, startSystem } from '../system.ts';

let database: TestDatabase;
let sql: pg.Pool;
let system: System;
let python: Python;
let folder: string;

beforeAll(async () => {
  database = await createDatabase();
  sql = new pg.Pool({ connectionString: database.url });
  [system, python] = await Promise.all([
    startSystem([], { DATABASE_URL: database.url }),
    pythonWith('e2e/python/requirements-notebook.txt'),
  ]);
  // Whoever opens the notebook has mostly seen the demo before: its traces are there already.
  const client = openClient(system.url);
  await importSamples(client, 1000, sampleSeeds.demo);
  await client.close();
  folder = await mkdtemp(join(tmpdir(), 'tunix-rt-notebook-'));
  for (const file of ['quickstart.ipynb', 'samples.jsonl']) {
    await cp(join('notebooks', file), join(folder, file));
  }
});

afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await sql?.end();
  await database?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** What the notebook holds at its end. */
type Held = {
  holds: {
    text: string;
    last_line: number;
    points: [name: string, step: number, value: number | null][];
    events: [seq: number, kind: string][];
  };
  cells: Record<string, string>;
};

/** The rows of a statement, each as a list, with numbers where the notebook has numbers. */
async function rowsOf(statement: string, runId: string): Promise<unknown[][]> {
  const { rows } = await sql.query<unknown[]>({
    text: statement,
    values: [runId],
    rowMode: 'array',
  });
  return rows;
}

/** The points of each series in their order: what comes at once comes series by series. */
const bySeries = (points: readonly unknown[][]) => Object.groupBy(points, ([name]) => String(name));

test('the client passes its own tests', async () => {
  const pytest = python.start(['-m', 'pytest', '-q'], 'python', 'inherit');
  expect(await once(pytest, 'exit')).toEqual([0, null]);
});

test('the quickstart, cut off five times and with its kernel killed, holds exactly what is stored', async () => {
  await using proxy = await openProxy(system.url);
  const history = join(folder, 'history', 'quickstart-1.jsonl');
  const written = async () => {
    // What went wrong there is of more use than that nothing comes any more.
    if (program.exitCode !== null) throw new Error((await output).error);
    return (await stat(history).catch(() => null))?.size ?? 0;
  };
  const program = python.start(['e2e/python/notebook.py', proxy.url, folder, '4500'], '.');
  const output = outputOf(program);
  // Each cut comes when something new has been written down, so in the middle of the stream. It does not
  // count while no kernel is there whose connection could be lost.
  for (let cuts = 0, seen = 0; cuts < 5; ) {
    await expect.poll(written, { timeout: 300_000, interval: 20 }).toBeGreaterThan(seen + 1000);
    seen = await written();
    if (proxy.cut() > 0) cuts += 1;
  }
  const { out: printed, error: said, code } = await output;
  expect(code, said).toBe(0);
  expect(said).toContain('The kernel was killed.');

  const { holds, cells } = JSON.parse(printed) as Held;
  const [run] = (
    await sql.query<{ id: string; status: string; lines: number }>(
      'SELECT id, status, last_log_seq::int AS lines FROM runs WHERE number = 1',
    )
  ).rows;
  if (!run) throw new Error('There is no run.');
  expect(run.status).toBe('COMPLETED');
  const decoder = new TextDecoder();
  const chunks = await readChunks(sql, run.id);
  expect(holds.text).toBe(chunks.map(({ data }) => decoder.decode(data)).join(''));
  expect(holds.last_line).toBe(run.lines);
  const points = 'SELECT name, step, value FROM metric_points WHERE run_id = $1 ORDER BY seq';
  expect(bySeries(holds.points)).toEqual(bySeries(await rowsOf(points, run.id)));
  const events = 'SELECT seq::int, kind FROM run_events WHERE run_id = $1 ORDER BY seq';
  expect(holds.events).toEqual((await rowsOf(events, run.id)).slice(0, holds.events.length));
  expect(holds.events.map(([, kind]) => kind)).toContain('EVALUATED');

  expect(cells.import).toContain("'duplicates': 200");
  expect(cells.leaderboard).toContain('quickstart');
  expect(cells.gate).toContain('PASS');
});
