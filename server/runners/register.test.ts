import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import { LOCAL } from '../access/actor.ts';
import { revokeApiKey } from '../access/keys.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, UnavailableError } from '../errors.ts';
import { sha256 } from '../lib/canonical.ts';
import { finishAttempt } from '../runs/attempt/finish.ts';
import { takeRun } from '../runs/queue/take.ts';
import { makeKey, withAccess } from '../test/access.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { makeRunner } from '../test/makeRunner.ts';
import { describe, expect, test } from '../test/test.ts';
import { pythonSource } from '../tunix/command.ts';
import { drainRunner } from './drain.ts';
import { onlineRunnerIds, readPresence } from './read.ts';
import { beatHeart, leave, registerRunner, tellRuntime } from './register.ts';

const runnerOf = (app: App, id: string) => app.db.runner.findUniqueOrThrow({ where: { id } });

const MACHINE = {
  cpus: expect.any(Number),
  memoryBytes: expect.any(Number),
  memoryFreeBytes: expect.any(Number),
  diskFreeBytes: expect.any(Number),
};

/** The app with a Python environment that was made and has seen these devices. */
async function withDevices(app: App, devices: object[]): Promise<App> {
  const cacheDir = join(app.config.dataDir, 'cache');
  const digest = sha256(await readFile(pythonSource('requirements-cpu.txt'))).slice(0, 12);
  const folder = join(cacheDir, 'python', `cpu-${digest}`);
  const versions = { python: '3.11.7', tunix: '0.1.7', jax: '0', backend: 'gpu' };
  const runtime = { ...versions, flax: null, qwix: null, transformers: null, devices };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'ready.json'), JSON.stringify(runtime));
  const tunix = { ...app.config.tunix, accelerator: 'cpu' as const };
  return { ...app, config: { ...app.config, cacheDir, tunix } };
}

describe('a runner', () => {
  test('tells its version, slots, labels and machine when it registers', async ({ app }) => {
    const runner = { ...app.config.runner, labels: ['cpu', 'large'], slots: 3 };
    const id = await registerRunner({ ...app, config: { ...app.config, runner } });
    const row = await runnerOf(app, id);
    expect(row).toMatchObject({ slots: 3, labels: ['cpu', 'large'], version: packageFile.version });
    expect(row.resources).toEqual(MACHINE);
    const { memoryBytes = 0, memoryFreeBytes = 0 } = row.resources as Record<string, number>;
    expect(memoryFreeBytes).toBeGreaterThan(0);
    expect(memoryBytes).toBeGreaterThanOrEqual(memoryFreeBytes);
  });

  test('tells which models it can have, and of a new folder when it describes itself again', async ({
    app,
  }) => {
    const modelsDir = join(app.config.dataDir, 'own-models');
    const own = { ...app, config: { ...app.config, modelsDir } };
    const modelsOf = async (id: string) =>
      ((await runnerOf(app, id)).runtime as { models: string[] }).models;
    const id = await registerRunner(own);
    expect(await modelsOf(id)).toContain('qwen3-tiny');
    expect(await modelsOf(id)).not.toContain('brought');
    await mkdir(join(modelsDir, 'brought'), { recursive: true });
    const config = { model_type: 'qwen3', num_hidden_layers: 1, hidden_size: 8 };
    await writeFile(join(modelsDir, 'brought', 'config.json'), JSON.stringify(config));
    await tellRuntime(own, id);
    expect(await modelsOf(id)).toContain('brought');
  });

  test('leaves out what its disk does not tell', async ({ app }) => {
    const dataDir = join(app.config.dataDir, 'not-there');
    const { id } = await makeRunner(app);
    await beatHeart({ ...app, config: { ...app.config, dataDir } }, id);
    const { diskFreeBytes: _, ...rest } = MACHINE;
    expect((await runnerOf(app, id)).resources).toEqual(rest);
  });

  test('offers `gpu` by itself once it has found one', async ({ app }) => {
    const devices = [{ kind: 'NVIDIA H200', platform: 'gpu', id: 0 }];
    const id = await registerRunner(app);
    expect((await runnerOf(app, id)).labels).toEqual(['cpu']);
    const rig = await withDevices(app, devices);
    await tellRuntime(rig, id);
    expect((await runnerOf(app, id)).labels).toEqual(['cpu', 'gpu']);
  });

  test('is online by its heartbeats and the clock of the database', async ({ app }) => {
    const { id } = await makeRunner(app, { heartbeatAt: new Date(Date.now() - 60_000) });
    const before = await readPresence(app.sql, id);
    expect(before.online).toBe(false);
    expect(before.ageSeconds).toBeGreaterThan(50);
    expect(await beatHeart(app, id)).toEqual({ draining: false, admitted: true });
    const after = await readPresence(app.sql, id);
    expect(after.online).toBe(true);
    expect(after.ageSeconds).toBeLessThan(10);
    await leave(app, id);
    expect((await onlineRunnerIds(app.sql)).has(id)).toBe(false);
    expect((await readPresence(app.sql, crypto.randomUUID())).online).toBe(false);
  });
});

describe('a runner, where access is on,', () => {
  const asRunner = (app: App, token: string | null) =>
    withAccess(app, { runner: { ...app.config.runner, token } });

  test('keeps its key and learns with a heartbeat that it was revoked', async ({ app }) => {
    const key = await makeKey(app, ['RUNNER']);
    const rig = asRunner(app, key.secret);
    const id = await registerRunner(rig);
    expect((await runnerOf(app, id)).keyId).toBe(key.id);
    expect(await beatHeart(rig, id)).toMatchObject({ admitted: true });
    await revokeApiKey(app, key.id, LOCAL);
    expect(await beatHeart(rig, id)).toMatchObject({ admitted: false });
  });

  test('does not come in without one', async ({ app }) => {
    const before = await app.db.runner.count();
    await expect(registerRunner(asRunner(app, null))).rejects.toThrow(UnavailableError);
    await expect(registerRunner(asRunner(app, 'trt_r_x'))).rejects.toThrow('RUNNER_TOKEN');
    expect(await app.db.runner.count()).toBe(before);
  });
});

describe('two runners of one name on one host', () => {
  test('both work under ids of their own, and the second is told', async ({ app }) => {
    const said: unknown[] = [];
    const log = { ...app.log, warn: (...args: unknown[]) => said.push(args) };
    const config = { ...app.config, runner: { ...app.config.runner, name: 'twin' } };
    const rig = { ...app, config, log: log as unknown as App['log'] };
    const first = await registerRunner(rig);
    expect(said).toEqual([]);
    const second = await registerRunner(rig);
    expect(second).not.toBe(first);
    expect(said).toEqual([
      [
        { runnerId: second, otherRunnerId: first, otherPid: process.pid, name: 'twin' },
        expect.stringContaining('Set RUNNER_NAME to tell them apart'),
      ],
    ]);
    const { id: datasetId } = await makeDataset(app);
    const wanted = { status: 'PENDING', mode: 'DRY_RUN', modelId: 'qwen3-tiny' } as const;
    const { id } = await makeRun(app, datasetId, wanted);
    const mine = await takeRun(app, first, 15);
    expect(mine).toMatchObject({ runId: id, epoch: 1 });
    expect(await takeRun(app, second, 15)).toBeNull();
    const released = {
      status: 'RELEASED',
      reason: null,
      exitCode: null,
      exitSignal: null,
    } as const;
    const nothing = { files: [], predictions: [], logTail: '' };
    if (mine) await finishAttempt(app, mine, released, nothing, new AbortController().signal);
    expect(await takeRun(app, second, 15)).toMatchObject({ runId: id, epoch: 2 });
    await Promise.all([leave(app, first), leave(app, second)]);
    await registerRunner(rig);
    expect(said).toHaveLength(1);
  });
});

describe('drainRunner', () => {
  test('is told to the runner with its next heartbeat, and keeps its time', async ({ app }) => {
    const { id } = await makeRunner(app);
    await drainRunner(app, id, true);
    const { drainingAt } = await runnerOf(app, id);
    expect(await beatHeart(app, id)).toMatchObject({ draining: true });
    await drainRunner(app, id, true);
    expect((await runnerOf(app, id)).drainingAt).toEqual(drainingAt);
    await drainRunner(app, id, false);
    expect(await beatHeart(app, id)).toMatchObject({ draining: false });
  });

  test('knows no runner that is not there, and leaves one alone that has stopped', async ({
    app,
  }) => {
    await expect(drainRunner(app, crypto.randomUUID(), true)).rejects.toThrow(NotFoundError);
    await expect(drainRunner(app, null, true)).rejects.toThrow(NotFoundError);
    const { id } = await makeRunner(app, { stoppedAt: new Date() });
    await expect(drainRunner(app, id, true)).rejects.toThrow(InvalidStateError);
  });
});
