import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { LOCAL } from '../access/actor.ts';
import { type App, openApp } from '../app.ts';
import { openDirectoryStore } from '../artifacts/directory.ts';
import { checkRegression } from '../baselines/check.ts';
import { setBaseline } from '../baselines/set.ts';
import { requestDatasetCheck } from '../datasets/checks/request.ts';
import { readLeaderboard } from '../evaluations/leaderboard.ts';
import { createRun } from '../runs/create.ts';
import { ask, type BackupRig, digests, openBackupRig, urlOf } from '../test/backupRig.ts';
import { runOn } from '../test/database.ts';
import { makeDataset, makeEvaluation, makeRun } from '../test/make.ts';
import { makeArtifact } from '../test/makeArtifact.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';

let rig: BackupRig;

beforeEach(async () => {
  rig = await openBackupRig();
});

afterEach(() => rig[Symbol.asyncDispose]());

/** A run on a board with a check against a baseline, files, somebody with a key, and work to be done. */
async function makeWorld(app: App) {
  const dataset = await makeDataset(app, { train: 8, eval: 2, test: 4 });
  const run = await makeRun(app, dataset.id);
  const evaluation = await makeEvaluation(app, run, { correct: 1, items: 2 });
  const other = await makeEvaluation(app, await makeRun(app, dataset.id), { correct: 2, items: 2 });
  const { name } = await setBaseline(app, {
    name: `main-${run.number}`,
    evaluationId: evaluation.id,
    metric: 'score',
  });
  await checkRegression(app, { baseline: name, evaluationId: other.id });
  const { artifact } = await makeArtifact(
    app,
    'out/résumé.txt',
    `what came out of ${run.id}\u0000`,
  );
  await app.audit.record({
    actor: LOCAL,
    call: { requestId: 'r', address: null, client: null },
    action: 'createRun',
    target: run.id,
    outcome: 'OK',
    detail: { text: 'a\ttab, a \\ and a\nline' },
  });
  const check = await requestDatasetCheck(app, { datasetKey: dataset.key });
  const waiting = await createRun(app, {
    datasetKey: dataset.key,
    modelId: 'qwen3-tiny',
    mode: 'DRY_RUN',
    requiredLabels: ['gpu'],
  });
  return { dataset, artifact, check, waiting };
}

describe('a backup', () => {
  test('brings everything back: rows, boards, checks, audit log, files and work that waits', async ({
    app,
  }) => {
    const { dataset, artifact, check, waiting } = await makeWorld(app);
    const manifest = await rig.saved(app);
    const before = await digests(urlOf(app), manifest);
    await rig.restored();
    expect(await digests(rig.url, manifest)).toEqual(before);
    for (const name of ['checks', 'audit_entries', 'board_values', 'artifacts', 'run_queues']) {
      expect(Object.keys(before)).toContain(name);
    }

    const store = openDirectoryStore(join(rig.dir, 'store'));
    const bytes = await store.open(artifact.sha256);
    expect(Buffer.concat((await bytes?.toArray()) ?? []).toString()).toMatch(/^what came out of/);

    await using after = await openApp(app.config, rig.url, 'restored');
    const filter = { datasetKey: dataset.key };
    expect(await readLeaderboard(after.sql, { filter })).toEqual(
      await readLeaderboard(app.sql, { filter }),
    );
    // The work that waited goes on: its job is there, and numbers do not begin again.
    const jobsOf = (id: string) =>
      ask(rig.url, `SELECT name FROM pgboss.job WHERE data::text LIKE '%${id}%'`);
    expect(await jobsOf(check.id)).toHaveLength(1);
    expect(await jobsOf(waiting.id)).toHaveLength(1);
    const last = await after.db.run.findFirstOrThrow({ orderBy: { number: 'desc' } });
    const next = await makeRun(after, dataset.id);
    expect(next.number).toBe(last.number + 1);
    await makeEvaluation(after, next);
    await expect(runOn(rig.url, 'DELETE FROM audit_entries')).rejects.toThrow('only ever added');
  });

  test('is of one moment, however much is written meanwhile', async ({ app }) => {
    const dataset = await makeDataset(app);
    let going = true;
    let written = 0;
    const write = async () => {
      while (going) {
        await makeEvaluation(app, await makeRun(app, dataset.id), {
          correct: written % 3,
          items: 2,
        });
        await makeDataset(app);
        written++;
      }
    };
    const writing = Promise.all([write(), write()]);
    await until(async () => written > 3);
    const begun = written;
    try {
      await rig.saved(app);
      await until(async () => written > begun);
    } finally {
      going = false;
      await writing;
    }
    await rig.restored();
    const [torn] = await ask(
      rig.url,
      `SELECT (SELECT count(*) FROM datasets d WHERE item_count <>
                (SELECT count(*) FROM dataset_items i WHERE i.dataset_id = d.id))::int AS datasets,
              (SELECT count(*) FROM board_values v WHERE runs <>
                (SELECT count(*) FROM board_entries e WHERE e.board_id = v.board_id
                   AND e.metric = v.metric AND e.pick = v.pick AND e.value = v.value))::int AS boards,
              (SELECT count(*) FROM evaluations e WHERE NOT EXISTS
                (SELECT FROM board_entries b WHERE b.run_id = e.run_id))::int AS evaluations`,
    );
    expect(torn).toEqual({ datasets: 0, boards: 0, evaluations: 0 });
  });

  test('can be read by its owner alone', async ({ app }) => {
    await makeArtifact(app, 'out/private.txt');
    await rig.saved(app);
    expect((await stat(rig.folder)).mode & 0o777).toBe(0o700);
    for (const entry of await readdir(rig.folder, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect(mode & 0o077, entry.name).toBe(0);
    }
  });

  test('is not made over something that is there, nor half', async ({ app }) => {
    const { artifact } = await makeArtifact(app, 'out/gone.txt', 'to be lost');
    await app.store.remove([artifact.sha256]);
    await expect(rig.saved(app)).rejects.toThrow(/^The artifact [0-9a-f]{64} is missing/);
    expect(await readdir(rig.dir)).toEqual([]);
    await app.db.artifact.update({ where: { id: artifact.id }, data: { deletedAt: new Date() } });
    await rig.saved(app);
    await expect(rig.saved(app)).rejects.toThrow('is there already');
    expect(await readdir(rig.dir)).toEqual(['backup']);
  });
});
