import { randomUUIDv7 } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { setBaseline } from '../baselines/set.ts';
import { sha256 } from '../lib/canonical.ts';
import { registerRunner } from '../runners/register.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { makeArtifact, makeLeft } from '../test/makeArtifact.ts';
import { makeJudged } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { attemptPaths } from '../tunix/config.ts';
import { keepNewest } from './checkpoints.ts';
import { putAndWrite, removeUnnamed } from './keep.ts';
import { placeOf } from './store.ts';
import { sweepArtifacts } from './sweep.ts';

const sweep = (app: App) => sweepArtifacts(app, new AbortController().signal);
const HOURS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOURS);

/** Makes an object look as old as a sweep wants it. */
const age = (app: App, digest: string) =>
  utimes(join(app.config.dataDir, 'artifacts', placeOf(digest)), ago(2), ago(2));

const isThere = async (app: App, digest: string) => (await app.store.sizeOf(digest)) !== null;

/** An object that no row names. */
async function makeStray(app: App) {
  const content = randomUUIDv7();
  const file = join(app.config.dataDir, `stray-${content}`);
  await writeFile(file, content);
  const object = { file, sha256: sha256(content), size: content.length };
  await app.store.put(object);
  return object;
}

/** An attempt of a run, both of which ended so many hours ago. */
async function endRun(app: App, runId: string, hours: number) {
  const runnerId = await registerRunner(app);
  const endedAt = ago(hours);
  const status = 'COMPLETED';
  await app.db.run.update({ where: { id: runId }, data: { status, finishedAt: endedAt } });
  await app.db.runAttempt.create({
    data: { runId, epoch: 1, runnerId, status, leaseUntil: endedAt, endedAt },
  });
}

describe('a sweep of the store', () => {
  test('removes objects that no row names, once they are old', async ({ app }) => {
    const old = await makeStray(app);
    const young = await makeStray(app);
    await age(app, old.sha256);
    await sweep(app);
    expect(await isThere(app, old.sha256)).toBe(false);
    expect(await isThere(app, young.sha256)).toBe(true);
  });

  test('keeps what a live row names, and not what only a given-up one does', async ({ app }) => {
    const live = await makeArtifact(app, 'a', 'live');
    const dead = await makeArtifact(app, 'a', 'dead');
    const both = await makeArtifact(app, 'a', 'both');
    const again = await makeArtifact(app, 'b', 'both');
    for (const { artifact } of [dead, both]) {
      await app.db.artifact.update({ where: { id: artifact.id }, data: { deletedAt: ago(1) } });
    }
    for (const { artifact } of [live, dead, again]) await age(app, artifact.sha256);
    await sweep(app);
    expect(await isThere(app, live.artifact.sha256)).toBe(true);
    expect(await isThere(app, dead.artifact.sha256)).toBe(false);
    expect(await isThere(app, again.artifact.sha256)).toBe(true);
  });

  test('stops when it is told to', async ({ app }) => {
    const old = await makeStray(app);
    await age(app, old.sha256);
    await sweepArtifacts(app, AbortSignal.abort());
    expect(await isThere(app, old.sha256)).toBe(true);
  });
});

describe('a file that is being listed', () => {
  test('is stored again when it was removed before its row was written', async ({ app }) => {
    const object = await makeStray(app);
    let asked = 0;
    const store: App['store'] = {
      ...app.store,
      // A sweep comes by between the upload and the commit, once.
      put: async (file) => {
        await app.store.put(file);
        if (asked++ === 0) await removeUnnamed(app, [file.sha256]);
      },
    };
    let written = 0;
    await putAndWrite({ sql: app.sql, store }, [object], undefined, async () => {
      written += 1;
    });
    expect([asked, written]).toEqual([2, 1]);
    expect(await isThere(app, object.sha256)).toBe(true);
  });

  test('cannot be removed while its row is written', async ({ app }) => {
    const object = await makeStray(app);
    const { id: runId } = await makeRun(app, (await makeDataset(app)).id);
    let removal = Promise.resolve(-1);
    await putAndWrite(app, [object], undefined, async () => {
      removal = removeUnnamed(app, [object.sha256]);
      const { sha256: digest, size } = object;
      const row = { id: randomUUIDv7(), runId, attempt: 1, path: 'a', sha256: digest, size };
      await app.db.artifact.create({ data: { ...row, kind: 'OTHER' } });
    });
    expect(await removal).toBe(0);
    expect(await isThere(app, object.sha256)).toBe(true);
  });
});

describe('retention of checkpoints', () => {
  const makeCheckpoint = async (app: App, runId: string, step: number) => {
    const { artifact } = await makeArtifact(app, 'x', `${runId} ${step}`);
    const path = `checkpoints/${step}/weights`;
    await app.db.artifact.update({
      where: { id: artifact.id },
      data: { runId, path, step, kind: 'CHECKPOINT' },
    });
  };
  const liveSteps = async (app: App, runId: string) => {
    const where = { runId, kind: 'CHECKPOINT' as const, deletedAt: null };
    return (await app.db.artifact.findMany({ where, orderBy: { step: 'asc' } })).map(
      ({ step }) => step,
    );
  };
  const makeTrained = async (app: App) => {
    const { id } = await makeRun(app, (await makeDataset(app)).id);
    for (const step of [10, 20, 30]) await makeCheckpoint(app, id, step);
    return id;
  };

  test('keeps the newest, and those that other runs began with', async ({ app }) => {
    const id = await makeTrained(app);
    const child = await makeRun(app, (await makeDataset(app)).id);
    const data = { parentId: id, parentKind: 'RESUME' as const, resumeStep: 10 };
    await app.db.run.update({ where: { id: child.id }, data });
    await keepNewest(app, id, 1);
    expect(await liveSteps(app, id)).toEqual([10, 30]);
    expect(await isThere(app, sha256(`${id} 20`))).toBe(false);
    expect(await isThere(app, sha256(`${id} 10`))).toBe(true);
  });

  test('gives up all of a run that ended long ago, when days are set', async ({ app }) => {
    const [old, young] = [await makeTrained(app), await makeTrained(app)];
    await endRun(app, old, 49);
    await endRun(app, young, 47);
    await sweep(app);
    expect(await liveSteps(app, old)).toHaveLength(3);
    const artifacts = { ...app.config.artifacts, checkpointDays: 2 };
    await sweep({ ...app, config: { ...app.config, artifacts } });
    expect(await liveSteps(app, old)).toEqual([]);
    expect(await liveSteps(app, young)).toHaveLength(3);
    expect(await isThere(app, sha256(`${old} 30`))).toBe(false);
  });
});

describe('retention of other files', () => {
  const sweepAfter = (app: App, fileDays: number) =>
    sweep({
      ...app,
      config: { ...app.config, artifacts: { ...app.config.artifacts, fileDays } },
    });
  const isKept = async (app: App, id: string) =>
    (await app.db.artifact.findUniqueOrThrow({ where: { id } })).deletedAt === null;

  test('gives up those of a run that ended long ago, and keeps their rows', async ({ app }) => {
    const [old, young] = [await makeArtifact(app, 'a', 'old'), await makeArtifact(app, 'a', 'new')];
    await endRun(app, old.artifact.runId, 49);
    await endRun(app, young.artifact.runId, 47);
    await sweepAfter(app, 0);
    expect(await isKept(app, old.artifact.id)).toBe(true);
    await sweepAfter(app, 2);
    expect(await isKept(app, old.artifact.id)).toBe(false);
    expect(await isThere(app, old.artifact.sha256)).toBe(false);
    expect(await isKept(app, young.artifact.id)).toBe(true);
  });

  test('keeps those of a baseline', async ({ app }) => {
    const { artifact } = await makeArtifact(app, 'a', 'measured against');
    await endRun(app, artifact.runId, 49);
    const on = await makeDataset(app);
    const run = { id: artifact.runId, datasetId: on.id };
    const { id: evaluationId } = await makeJudged(app, on, [true], { run });
    await setBaseline(app, { name: 'main', evaluationId });
    await sweepAfter(app, 2);
    expect(await isKept(app, artifact.id)).toBe(true);
  });
});

describe('a sweep of folders', () => {
  test('stores what an older version left there, before the folder goes', async ({ app }) => {
    const { artifact, attemptDir } = await makeLeft(app, 'export/model.bin', 'a model');
    await writeFile(join(attemptDir, 'fingerprint.json'), '{"config": "x"}');
    await endRun(app, artifact.runId, 2);
    await sweep(app);
    expect(await isThere(app, artifact.sha256)).toBe(true);
    expect(existsSync(attemptPaths(app.config.dataDir, artifact.runId, 1).runDir)).toBe(false);
    const attempt = await app.db.runAttempt.findFirst({ where: { runId: artifact.runId } });
    expect(attempt?.fingerprint).toEqual({ config: 'x' });
  });

  test('does not store a file that is not what was listed', async ({ app }) => {
    const { artifact, file } = await makeLeft(app, 'a', 'right');
    await writeFile(file, 'wrong');
    await endRun(app, artifact.runId, 2);
    await sweep(app);
    expect(await isThere(app, artifact.sha256)).toBe(false);
  });

  test('leaves alone a run that ended a moment ago, and one that runs', async ({ app }) => {
    const ended = await makeLeft(app, 'a', 'ended');
    await endRun(app, ended.artifact.runId, 0);
    const running = await makeLeft(app, 'a', 'running');
    await sweep(app);
    expect(existsSync(ended.file)).toBe(true);
    expect(existsSync(running.file)).toBe(true);
    expect(await isThere(app, ended.artifact.sha256)).toBe(true);
  });

  test('removes old attempts of a run that goes on, but not its data', async ({ app }) => {
    const { artifact, attemptDir } = await makeLeft(app, 'a', 'first attempt');
    const { runId } = artifact;
    await endRun(app, runId, 2);
    await app.db.run.update({
      where: { id: runId },
      data: { status: 'PENDING', finishedAt: null },
    });
    const { runDir, attemptDir: second } = attemptPaths(app.config.dataDir, runId, 2);
    for (const dir of ['data', 'snapshots-1']) await mkdir(join(runDir, dir));
    await mkdir(second);
    await sweep(app);
    expect(existsSync(attemptDir)).toBe(false);
    expect((await readdir(runDir)).toSorted()).toEqual(['attempt-2', 'data']);
  });

  test('removes the folder of a run that is no more', async ({ app }) => {
    const { runDir, attemptDir } = attemptPaths(app.config.dataDir, randomUUIDv7(), 1);
    await mkdir(attemptDir, { recursive: true });
    await sweep(app);
    expect(existsSync(runDir)).toBe(false);
  });
});
