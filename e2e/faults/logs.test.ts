/** Logs that are too long, too fast or no text. */
import { randomBytes } from 'node:crypto';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readChunks, storedBytes } from './invariants.ts';
import { lineReached, quantile, residentOf, statusIs } from './look.ts';
import type { FaultSystem, StartedRun } from './system.ts';
import { describe, expect, test } from './test.ts';
import { until } from './until.ts';

const MB = 1024 * 1024;

/** Runs a trainer that writes the file, and gives the peak of the memory the runner took for it. */
async function stream(system: FaultSystem, bytes: string) {
  await system.behave({ steps: 1, bytes });
  // The log of one attempt is looked at: a machine that is busy must not cost the lease.
  await using runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
  const before = await residentOf(runner.pid);
  const { runId, recorder } = await system.startRun();
  let most = 0;
  await until(
    'the run has ended',
    async () => {
      most = Math.max(most, await residentOf(runner.pid));
      return recorder.ends.length === 2;
    },
    { seconds: 60 },
  );
  expect(await statusIs(system, runId, 'COMPLETED')).toMatchObject({ epoch: 1 });
  const stored = storedBytes(await readChunks(system.sql, runId), 1, 'STDOUT');
  const written = Buffer.concat([await readFile(bytes), Buffer.from('step 1\n')]);
  expect(stored.equals(written), 'stored as written').toBe(true);
  return { grown: (most - before) / MB };
}

describe('a log', () => {
  test('of one line of 64 MB is stored in pieces, in memory that stays flat', async ({
    system,
  }) => {
    const file = join(system.dir, 'long');
    const handle = await open(file, 'w');
    const piece = Buffer.alloc(MB, 'x');
    for (let i = 0; i < 64; i++) await handle.write(piece);
    await handle.close();
    const { grown } = await stream(system, file);
    expect(grown, 'MB more in the runner').toBeLessThan(160);
  });

  test('of 10 MB of random bytes is stored byte for byte', async ({ system }) => {
    const file = join(system.dir, 'random');
    await writeFile(file, randomBytes(10 * MB));
    await stream(system, file);
  });
});

describe('a log that grows while the database is out of reach', () => {
  test('has one mark where the spool was full, and all that came before and after', async ({
    system,
  }) => {
    const file = join(system.dir, 'lines');
    const line = `${'x'.repeat(999)}\n`;
    await writeFile(file, line.repeat(40_000));
    await system.behave({ steps: 50, stepMs: 20, bytes: file });
    const settings = { LEASE_SECONDS: '60', LOG_SPOOL_BYTES: String(MB) };
    await using runner = await system.startRunner({ settings });
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    runner.line.set('hold');
    const record = join(system.records, `${runId}-attempt-1.stdout`);
    await until('the trainer has written all of it', async () => {
      const { size } = await stat(record);
      return size >= line.length * 40_000;
    });
    runner.line.set('pass');
    expect(await statusIs(system, runId, 'COMPLETED')).toMatchObject({ epoch: 1 });
    await recorder.complete;
    const chunks = await readChunks(system.sql, runId);
    const lost = chunks.flatMap(({ lost_bytes: bytes }) => bytes ?? []);
    expect(lost).toHaveLength(1);
    expect(recorder.gaps).toEqual(lost);
    const stored = storedBytes(chunks, 1, 'STDOUT').length;
    expect(stored + (lost[0] ?? 0)).toBe((await stat(record)).size);
  });
});

describe('ten runs that each write 10,000 lines at once, on two runners', () => {
  test('lose none, and the API answers as before', async ({ system }) => {
    await system.behave({ steps: 1, flood: 10_000 });
    const settings = { RUNNER_SLOTS: '5' };
    await using _first = await system.startRunner({ settings });
    await using _second = await system.startRunner({ settings });
    const runs: StartedRun[] = [];
    for (let i = 0; i < 10; i++) runs.push(await system.startRun());
    const delays: number[] = [];
    await until('all have ended', async () => {
      const began = performance.now();
      await system.client.request('{ runs(first: 1) { edges { cursor } } }');
      delays.push(performance.now() - began);
      return runs.every(({ recorder }) => recorder.ends.length === 2);
    });
    for (const { runId, recorder } of runs) {
      await statusIs(system, runId, 'COMPLETED');
      await recorder.complete;
    }
    expect(quantile(delays, 0.5), 'ms for a query meanwhile').toBeLessThan(500);
  });
});
