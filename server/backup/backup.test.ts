import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach } from 'vitest';
import { LOCAL } from '../access/actor.ts';
import { type App, openApp } from '../app.ts';
import { openDirectoryStore } from '../artifacts/directory.ts';
import { checkRegression } from '../baselines/check.ts';
import { setBaseline } from '../baselines/set.ts';
import { requestDatasetCheck } from '../datasets/checks/request.ts';
import { readLeaderboard } from '../evaluations/leaderboard.ts';
import { jobs } from '../jobs.ts';
import { migrate, pendingMigrations } from '../postgres/migrate.ts';
import { installQueue } from '../queue.ts';
import { createRun } from '../runs/create.ts';
import { createDatabase, runOn, type TestDatabase } from '../test/database.ts';
import { makeDataset, makeEvaluation, makeRun, makeTrace } from '../test/make.ts';
import { makeArtifact } from '../test/makeArtifact.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { backUp } from './backup.ts';
import { BackupError } from './errors.ts';
import { type Manifest, tableFile } from './manifest.ts';
import { restore } from './restore.ts';
import { idOf } from './tables.ts';

let dir: string;
let folder: string;
let empty: TestDatabase;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tunix-rt-backup-'));
  folder = join(dir, 'backup');
  empty = await createDatabase({ migrated: false });
});

afterEach(async () => {
  await empty[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const urlOf = (app: App) => String(app.sql.options.connectionString);
const saved = (app: App) => backUp({ url: urlOf(app), store: app.store }, folder);
const restored = (url = empty.url) =>
  restore(
    {
      url,
      store: openDirectoryStore(join(dir, 'store')),
      installQueue: () => installQueue(url, jobs),
    },
    folder,
  );

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The digest of all rows of each table, whatever their order. */
async function digests(url: string, { tables }: Manifest): Promise<Record<string, unknown>> {
  const parts = tables
    .filter(({ schema }) => schema === 'public')
    .map(
      (table) =>
        `(SELECT md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '')) FROM ${idOf(table)} r)
         AS ${table.name}`,
    );
  const [row] = await ask(url, `SELECT ${parts.join(', ')}`);
  return row ?? {};
}

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
    const manifest = await saved(app);
    const before = await digests(urlOf(app), manifest);
    await restored();
    expect(await digests(empty.url, manifest)).toEqual(before);
    for (const name of ['checks', 'audit_entries', 'board_values', 'artifacts', 'run_queues']) {
      expect(Object.keys(before)).toContain(name);
    }

    const store = openDirectoryStore(join(dir, 'store'));
    const bytes = await store.open(artifact.sha256);
    expect(Buffer.concat((await bytes?.toArray()) ?? []).toString()).toMatch(/^what came out of/);

    await using after = await openApp(app.config, empty.url, 'restored');
    const filter = { datasetKey: dataset.key };
    expect(await readLeaderboard(after.sql, { filter })).toEqual(
      await readLeaderboard(app.sql, { filter }),
    );
    // The work that waited goes on: its job is there, and numbers do not begin again.
    const jobsOf = (id: string) =>
      ask(empty.url, `SELECT name FROM pgboss.job WHERE data::text LIKE '%${id}%'`);
    expect(await jobsOf(check.id)).toHaveLength(1);
    expect(await jobsOf(waiting.id)).toHaveLength(1);
    const last = await after.db.run.findFirstOrThrow({ orderBy: { number: 'desc' } });
    const next = await makeRun(after, dataset.id);
    expect(next.number).toBe(last.number + 1);
    await makeEvaluation(after, next);
    await expect(runOn(empty.url, 'DELETE FROM audit_entries')).rejects.toThrow('only ever added');
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
      await saved(app);
      await until(async () => written > begun);
    } finally {
      going = false;
      await writing;
    }
    await restored();
    const [torn] = await ask(
      empty.url,
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
    await saved(app);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect(mode & 0o077, entry.name).toBe(0);
    }
  });

  test('is not made over something that is there, nor half', async ({ app }) => {
    const { artifact } = await makeArtifact(app, 'out/gone.txt', 'to be lost');
    await app.store.remove([artifact.sha256]);
    await expect(saved(app)).rejects.toThrow(/^The artifact [0-9a-f]{64} is missing/);
    expect(await readdir(dir)).toEqual([]);
    await app.db.artifact.update({ where: { id: artifact.id }, data: { deletedAt: new Date() } });
    await saved(app);
    await expect(saved(app)).rejects.toThrow('is there already');
    expect(await readdir(dir)).toEqual(['backup']);
  });
});

describe('restoring', () => {
  test('refuses a database that has rows, and changes nothing there', async ({ app }) => {
    await makeTrace(app);
    await saved(app);
    await using other = await createDatabase();
    await using used = await openApp(app.config, other.url, 'used');
    await makeTrace(used);
    await expect(restored(other.url)).rejects.toThrow(/not empty: traces has rows/);
    expect(await used.db.trace.count()).toBe(1);
  });

  test('takes a database that is migrated and empty', async ({ app }) => {
    await makeTrace(app);
    const manifest = await saved(app);
    await using other = await createDatabase();
    await installQueue(other.url, jobs);
    await restored(other.url);
    expect(await digests(other.url, manifest)).toEqual(await digests(urlOf(app), manifest));
  });

  test('brings a backup of an older version up to date', async ({ app }) => {
    await using old = await createDatabase({ migrated: false });
    await migrate(old.url, undefined, '20261122000000_runs_complete');
    await installQueue(old.url, jobs);
    await runOn(
      old.url,
      "INSERT INTO import_sessions (id, name) VALUES ('01a1fd8a-0000-7000-8000-000000000000', 'old')",
    );
    const manifest = await backUp({ url: old.url, store: app.store }, folder);
    expect(manifest.migrations.at(-1)?.name).toBe('20261122000000_runs_complete');
    await restored();
    expect(await pendingMigrations(empty.url)).toEqual([]);
    expect(await ask(empty.url, 'SELECT name FROM import_sessions')).toEqual([{ name: 'old' }]);
  });

  test('refuses a backup of a version that knows more', async ({ app }) => {
    await using newer = await createDatabase();
    await runOn(
      newer.url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('x', repeat('0', 64), '29990101000000_later', now())`,
    );
    await backUp({ url: newer.url, store: app.store }, folder);
    await expect(restored()).rejects.toThrow(/migration 29990101000000_later .* newer one/s);
  });

  const spoil: [string, (manifest: Manifest) => Promise<void>][] = [
    [
      'a table with another byte',
      async () => {
        const file = join(folder, tableFile({ schema: 'public', name: 'traces' }));
        const bytes = await readFile(file);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        await writeFile(file, bytes);
      },
    ],
    [
      'a table that is cut off',
      async () => {
        const file = join(folder, tableFile({ schema: 'public', name: 'traces' }));
        await writeFile(file, (await readFile(file)).subarray(0, -9));
      },
    ],
    ['a table that is gone', () => rm(join(folder, 'tables/public.traces.copy.zst'))],
    ['artifacts that are gone', () => rm(join(folder, 'objects'), { recursive: true })],
    [
      'another manifest',
      async () => {
        const file = join(folder, 'manifest.json');
        await writeFile(
          file,
          (await readFile(file, 'utf8')).replace('"isCalled": true', '"isCalled": false'),
        );
      },
    ],
    ['no manifest', () => rm(join(folder, 'manifest.json'))],
  ];
  test.for(spoil)('refuses %s, and writes nothing', async ([, damage], { app }) => {
    await makeTrace(app);
    await makeArtifact(app, 'out/kept.txt', 'kept');
    await damage(await saved(app));
    await expect(restored()).rejects.toThrow(BackupError);
    expect(await ask(empty.url, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    expect(await readdir(dir)).toEqual(['backup']);
  });

  test('leaves no rows when it fails at the last table', async ({ app }) => {
    await makeTrace(app);
    await saved(app);
    await migrate(empty.url);
    await runOn(empty.url, 'ALTER TABLE traces ADD CHECK (step_count > 1)');
    await expect(restored()).rejects.toThrow('check constraint');
    const [row] = await ask(empty.url, 'SELECT count(*)::int AS rows FROM datasets');
    expect(row).toEqual({ rows: 0 });
  });
});
