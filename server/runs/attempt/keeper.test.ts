/** The checkpoints of runs in the artifact store, and how other attempts and runs go on from them. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { listCheckpoints } from '../../artifacts/checkpoints.ts';
import { placeOf } from '../../artifacts/store.ts';
import { behave, queueRun, storedLog, until, withStandIn } from '../../test/rig.ts';
import { type Execute, runOf, withRunner } from '../../test/runnerRig.ts';
import { describe, expect, test } from '../../test/test.ts';

let app: App;
let execute: Execute;

test.beforeAll(async ({ app: base }) => {
  ({ app, execute } = await withRunner(base));
});

const kept = async (id: string) =>
  (await listCheckpoints(app.sql, id)).flatMap(({ step, available }) => (available ? [step] : []));

const restored = async (id: string) =>
  (await runOf(app, id)).events.flatMap(({ kind, data }) => (kind === 'RESTORED' ? [data] : []));

/** Another machine: a data folder of its own, and the same store. */
async function elsewhere(): Promise<App & AsyncDisposable> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tunix-rt-elsewhere-'));
  const other = await withStandIn({ ...app, config: { ...app.config, dataDir } });
  await behave(other, { steps: 8 });
  return {
    ...other,
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** A run whose first attempt was killed at step 6, with its checkpoints in the store. */
async function interrupted(input: Parameters<typeof queueRun>[1] = {}) {
  await behave(app, { steps: 8, stepMs: 30, at: { step: 6, do: 'killSelf' } });
  const { id, dataset } = await queueRun(app, input);
  await execute(id);
  expect((await runOf(app, id)).status).toBe('PENDING');
  return { id, dataset };
}

/** Replaces what the store has of the checkpoint of a step by other bytes of the same length. */
async function spoil(id: string, step: number) {
  const row = await app.db.artifact.findFirstOrThrow({
    where: { runId: id, step, path: { endsWith: 'weights' } },
  });
  const file = join(app.config.dataDir, 'artifacts', placeOf(row.sha256));
  await chmod(file, 0o644);
  await writeFile(file, 'x'.repeat(Number(row.size)));
}

describe('the checkpoints of a run', () => {
  test('are stored while it trains, and announced when they are', async () => {
    await behave(app, { steps: 1000, stepMs: 40 });
    const { id } = await queueRun(app);
    const stop = new AbortController();
    const running = execute(id, app, stop.signal);
    const event = await until(() =>
      app.db.runEvent.findFirst({ where: { runId: id, kind: 'CHECKPOINT' } }),
    );
    expect((await runOf(app, id)).status).toBe('RUNNING');
    const { step } = event.data as { step: number };
    const rows = await app.db.artifact.findMany({ where: { runId: id, step } });
    expect(rows.map(({ path, kind }) => [path, kind])).toEqual([
      [`checkpoints/${step}/_CHECKPOINT_METADATA`, 'CHECKPOINT'],
      [`checkpoints/${step}/model_params/d/weights`, 'CHECKPOINT'],
    ]);
    for (const { sha256, size } of rows) {
      expect(await app.store.sizeOf(sha256)).toBe(Number(size));
    }
    stop.abort();
    await running;
  });

  test('are kept for the newest steps alone; the rows of the others stay', async () => {
    await behave(app, { steps: 6, stepMs: 150 });
    const { id } = await queueRun(app);
    await execute(id);
    const all = await listCheckpoints(app.sql, id);
    expect(all.slice(0, 3)).toEqual([
      { step: 6, attempt: 1, at: expect.any(Date), size: 19, files: 2, available: true },
      expect.objectContaining({ available: true }),
      expect.objectContaining({ available: true }),
    ]);
    expect(all.length).toBeGreaterThan(3);
    expect(all.slice(3).every(({ available }) => !available)).toBe(true);
    const old = await app.db.artifact.findFirstOrThrow({
      where: { runId: id, deletedAt: { not: null }, path: { endsWith: 'weights' } },
    });
    expect(await app.store.sizeOf(old.sha256)).toBeNull();
  });

  test('are announced once each, in the order of their steps', async () => {
    await behave(app, { steps: 8, stepMs: 40 });
    const { id } = await queueRun(app);
    await execute(id);
    const steps = (await runOf(app, id)).events.flatMap(({ kind, data }) =>
      kind === 'CHECKPOINT' ? [(data as { step: number }).step] : [],
    );
    expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b));
    expect(steps.at(-1)).toBe(8);
  });

  test('are left out of the store when the training has deleted them already', async () => {
    await behave(app, { steps: 200, stepMs: 0 });
    const { id } = await queueRun(app);
    await execute(id);
    expect((await runOf(app, id)).status).toBe('COMPLETED');
    expect((await kept(id)).slice(0, 2)).toEqual([200, 199]);
  });
});

describe('an attempt on another machine', () => {
  test('goes on from the newest checkpoint of the one before', async () => {
    const { id } = await interrupted();
    await using other = await elsewhere();
    await execute(id, other);
    expect((await runOf(app, id)).status).toBe('COMPLETED');
    expect(await restored(id)).toEqual([{ step: 0 }, { step: 6 }]);
    const { stdout, system } = await storedLog(app, id);
    expect(stdout.toString()).toBe(
      [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `step ${step}\n`).join(''),
    );
    expect(system.toString()).toContain('Training resumes from step 6.');
    expect(await app.db.artifact.count({ where: { runId: id, attempt: 2, step: 6 } })).toBe(0);
  });

  test('passes over a checkpoint that is spoilt, and says so', async () => {
    const { id } = await interrupted();
    await spoil(id, 6);
    const [, before] = await kept(id);
    await using other = await elsewhere();
    await execute(id, other);
    expect((await runOf(app, id)).status).toBe('COMPLETED');
    expect(await restored(id)).toEqual([{ step: 0 }, { step: before }]);
    const { system } = await storedLog(app, id);
    expect(system.toString()).toMatch(/The checkpoint of step 6 cannot be used: .* has digest /);
  });

  test('begins from nothing when no checkpoint is whole', async () => {
    const { id } = await interrupted();
    const rows = await app.db.artifact.findMany({ where: { runId: id, kind: 'CHECKPOINT' } });
    await app.store.remove(rows.map(({ sha256 }) => sha256));
    await using other = await elsewhere();
    await execute(id, other);
    expect(await restored(id)).toEqual([{ step: 0 }, { step: 0 }]);
    const { system } = await storedLog(app, id);
    expect(system.toString()).toContain('training starts from nothing');
  });
});

describe('a run that resumes another', () => {
  /** A run made from the checkpoint of a step of a run that was interrupted. */
  const resume = async (step: number) => {
    const parent = await interrupted();
    const { id } = await queueRun(app, { datasetKey: parent.dataset.key });
    const data = { parentId: parent.id, parentKind: 'RESUME' as const, resumeStep: step };
    await app.db.run.update({ where: { id }, data });
    return { id, parentId: parent.id };
  };

  test('begins with the checkpoint of the step, not with a newer one', async () => {
    const { id, parentId } = await resume(5);
    expect(await kept(parentId)).toContain(5);
    await using other = await elsewhere();
    await execute(id, other);
    expect((await runOf(app, id)).status).toBe('COMPLETED');
    expect(await restored(id)).toEqual([{ step: 5 }]);
  });

  test('goes on from its own checkpoint when it is interrupted', async () => {
    const { id } = await resume(5);
    await behave(app, { steps: 10, stepMs: 30, at: { step: 8, do: 'killSelf' } });
    await execute(id);
    await behave(app, { steps: 10 });
    await execute(id);
    expect(await restored(id)).toEqual([{ step: 5 }, { step: 8 }]);
  });

  test('keeps the checkpoint it began with, however many newer ones there are', async () => {
    const { parentId } = await resume(5);
    await behave(app, { steps: 12, stepMs: 40 });
    await execute(parentId);
    const left = await kept(parentId);
    expect(left.slice(0, 2)).toEqual([12, 11]);
    expect(left).toHaveLength(4);
    expect(left).toContain(5);
  });

  test('fails when that is gone, and says what to do', async () => {
    const { id } = await resume(999);
    await execute(id);
    expect(await runOf(app, id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/checkpoint of step 999 .* is gone.*clone the run/),
    });
  });
});
