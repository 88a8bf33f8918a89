import { once } from 'node:events';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, openClient } from '../server/demo/client.ts';
import { storedLog } from './loop.ts';
import { openProxy } from './proxy.ts';
import { type Python, pythonWith } from './python.ts';
import { type System, startSystem } from './system.ts';

let system: System;
let client: Client;
let python: Python;
let folder: string;

beforeAll(async () => {
  [system, python] = await Promise.all([
    startSystem(),
    pythonWith('e2e/python/requirements-notebook.txt'),
  ]);
  client = openClient(system.url);
  folder = await mkdtemp(join(tmpdir(), 'tunix-rt-notebook-'));
  for (const file of ['quickstart.ipynb', 'samples.jsonl']) {
    await cp(join('notebooks', file), join(folder, file));
  }
});

afterAll(async () => {
  await client?.close();
  await system?.[Symbol.asyncDispose]();
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

type Stored = {
  run: {
    id: string;
    status: string;
    lastLogSeq: string;
    lastMetricSeq: string;
    metrics: { name: string; points: { step: number; value: number | null }[] }[];
  };
  runEvents: { events: { seq: string; kind: string }[] };
};

const STORED = `query Stored($id: ID!) {
  run(id: $id) {
    id status lastLogSeq lastMetricSeq metrics(maxPoints: 10000) { name points { step value } }
  }
  runEvents(runId: $id, first: 500) { events { seq kind } }
}`;

const RUN_ID = '{ run(number: 1) { id } }';

test('the client passes its own tests', async () => {
  const pytest = python.start(['-m', 'pytest', '-q'], 'python', 'inherit');
  expect(await once(pytest, 'exit')).toEqual([0, null]);
});

test('the quickstart, cut off five times and with its kernel killed, holds exactly what is stored', async () => {
  await using proxy = await openProxy(system.url);
  const history = join(folder, 'history', 'quickstart-1.jsonl');
  const written = async () => {
    // What went wrong there is of more use than that nothing comes any more.
    if (program.exitCode !== null) throw new Error(said);
    return (await stat(history).catch(() => null))?.size ?? 0;
  };
  const program = python.start(['e2e/python/notebook.py', proxy.url, folder, '4500'], '.');
  let printed = '';
  let said = '';
  program.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  program.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(program, 'exit') as Promise<[number | null]>;
  // Each cut comes when something new has been written down, so in the middle of the stream. It does not
  // count while no kernel is there whose connection could be lost.
  for (let cuts = 0, seen = 0; cuts < 5; ) {
    await expect.poll(written, { timeout: 300_000, interval: 20 }).toBeGreaterThan(seen + 1000);
    seen = await written();
    if (proxy.cut() > 0) cuts += 1;
  }
  expect(await ended, said).toEqual([0, null]);
  expect(said).toContain('The kernel was killed.');

  const { holds, cells } = JSON.parse(printed) as Held;
  const { run: found } = await client.request<{ run: { id: string } }>(RUN_ID);
  const { run, runEvents } = await client.request<Stored>(STORED, { id: found.id });
  expect(run.status).toBe('COMPLETED');
  expect(holds.text).toBe(await storedLog(client, run.id));
  expect(holds.last_line).toBe(Number(run.lastLogSeq));
  expect(holds.points).toHaveLength(Number(run.lastMetricSeq));
  const points = run.metrics.flatMap(({ name, points: all }) =>
    all.map(({ step, value }) => [name, step, value]),
  );
  const inOrder = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).toSorted();
  expect(inOrder(holds.points)).toEqual(inOrder(points));
  expect(holds.events).toEqual(
    runEvents.events.map(({ seq, kind }) => [Number(seq), kind]).slice(0, holds.events.length),
  );
  expect(holds.events.map(([, kind]) => kind)).toContain('EVALUATED');

  expect(cells.import).toContain("'duplicates': 200");
  expect(cells.leaderboard).toContain('quickstart');
  expect(cells.gate).toContain('PASS');
});
