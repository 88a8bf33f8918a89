/** What an attempt leaves in the artifact store, and what becomes of it while the store is away. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { listCheckpoints } from '../../artifacts/checkpoints.ts';
import { StoreAwayError } from '../../artifacts/faults.ts';
import { behave, queueRun, storedLog, until } from '../../test/rig.ts';
import { type Execute, runOf, withRunner } from '../../test/runnerRig.ts';
import { describe, expect, test } from '../../test/test.ts';

let app: App;
let execute: Execute;

test.beforeAll(async ({ app: base }) => {
  ({ app, execute } = await withRunner(base));
});

describe('the results of a run', () => {
  test('are in the store before it is COMPLETED, data once for all attempts', async () => {
    await behave(app, { steps: 8, stepMs: 30, at: { step: 6, do: 'killSelf' } });
    const { id } = await queueRun(app);
    await execute(id);
    await behave(app, { steps: 8 });
    await execute(id);
    const rows = await app.db.artifact.findMany({ where: { runId: id, deletedAt: null } });
    for (const { sha256, size, path } of rows) {
      expect(await app.store.sizeOf(sha256), path).toBe(Number(size));
    }
    const paths = rows.filter(({ kind }) => kind === 'DATA').map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['data/eval.jsonl', 'data/test.jsonl', 'data/train.jsonl']);
    const { events } = await runOf(app, id);
    const listed = events.filter(({ kind }) => kind === 'ARTIFACTS');
    expect(listed.map(({ attempt, data }) => [attempt, data])).toEqual([
      [1, { files: 5, bytes: expect.any(Number) }],
      [2, { files: 3, bytes: expect.any(Number) }],
    ]);
    expect(events.at(-1)?.kind).toBe('COMPLETED');
    const folder = join(app.config.dataDir, 'runs', id);
    expect((await readdir(folder)).filter((name) => name.startsWith('snapshots'))).toEqual([]);
    const file = join(folder, 'attempt-2', 'predictions.jsonl');
    expect(await readFile(file, 'utf8')).not.toBe('');
  });

  /** The app with a store that refuses so many files before it takes them. */
  const refusing = (files: number, waitSeconds: number): App => {
    let refused = 0;
    const put: App['store']['put'] = async (file, signal) => {
      if (refused++ < files) throw new StoreAwayError('The store is away.', 'Bring it back.');
      await app.store.put(file, signal);
    };
    return {
      ...app,
      store: { ...app.store, put },
      config: { ...app.config, artifacts: { ...app.config.artifacts, waitSeconds } },
    };
  };

  test('wait for a store that comes back', async () => {
    await behave(app, { steps: 3 });
    const { id } = await queueRun(app);
    await execute(id, refusing(5, 60));
    expect(await runOf(app, id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    expect((await listCheckpoints(app.sql, id))[0]).toMatchObject({ step: 3, available: true });
    const { system } = await storedLog(app, id);
    expect(system.toString()).toMatch(/waits? to be stored: The store is away/);
  });

  test('make no success while they cannot be stored; the next attempt has the reason', async () => {
    await behave(app, { steps: 3 });
    const { id } = await queueRun(app);
    await execute(id, refusing(Infinity, 1));
    const run = await runOf(app, id);
    expect(run).toMatchObject({ status: 'PENDING', failedAttempts: 1 });
    expect(run.attempts[0]).toMatchObject({
      status: 'LOST',
      reason: 'The results could not be stored. The store is away. Bring it back.',
    });
    expect(await app.db.artifact.count({ where: { runId: id } })).toBe(0);
    expect(await app.db.prediction.count({ where: { runId: id } })).toBe(0);
    await execute(id);
    expect(await runOf(app, id)).toMatchObject({ status: 'COMPLETED', epoch: 2 });
  });

  test('are waited for no longer than a stop may take when the runner is stopped', async () => {
    await behave(app, { steps: 10_000, stepMs: 5 });
    const { id } = await queueRun(app);
    const stop = new AbortController();
    const running = execute(id, refusing(Infinity, 600), stop.signal);
    await until(async () => (await app.db.metricPoint.count({ where: { runId: id } })) > 2);
    stop.abort();
    await running;
    const run = await runOf(app, id);
    expect(run.attempts).toMatchObject([{ status: 'RELEASED' }]);
    expect(await app.db.artifact.count({ where: { runId: id } })).toBe(0);
  });
});
