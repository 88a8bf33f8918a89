import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openApp } from '../app.ts';
import { jobs } from '../jobs.ts';
import { migrate, pendingMigrations } from '../postgres/migrate.ts';
import { installQueue } from '../queue.ts';
import { ask, type BackupRig, digests, openBackupRig, urlOf } from '../test/backupRig.ts';
import { createDatabase, runOn } from '../test/database.ts';
import { makeTrace } from '../test/make.ts';
import { makeArtifact } from '../test/makeArtifact.ts';
import { describe, expect, test } from '../test/test.ts';
import { backUp } from './backup.ts';
import { BackupError } from './errors.ts';
import { type Manifest, tableFile } from './manifest.ts';

let rig: BackupRig;

beforeEach(async () => {
  rig = await openBackupRig();
});

afterEach(() => rig[Symbol.asyncDispose]());

describe('restoring', () => {
  test('refuses a database that has rows, and changes nothing there', async ({ app }) => {
    await makeTrace(app);
    await rig.saved(app);
    await using other = await createDatabase();
    await using used = await openApp(app.config, other.url, 'used');
    await makeTrace(used);
    await expect(rig.restored(other.url)).rejects.toThrow(/not empty: traces has rows/);
    expect(await used.db.trace.count()).toBe(1);
  });

  test('takes a database that is migrated and empty', async ({ app }) => {
    await makeTrace(app);
    const manifest = await rig.saved(app);
    await using other = await createDatabase();
    await installQueue(other.url, jobs);
    await rig.restored(other.url);
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
    const manifest = await backUp({ url: old.url, store: app.store }, rig.folder);
    expect(manifest.migrations.at(-1)?.name).toBe('20261122000000_runs_complete');
    await rig.restored();
    expect(await pendingMigrations(rig.url)).toEqual([]);
    expect(await ask(rig.url, 'SELECT name FROM import_sessions')).toEqual([{ name: 'old' }]);
  });

  test('refuses a database that is ahead of the backup', async ({ app }) => {
    await using old = await createDatabase({ migrated: false });
    await migrate(old.url, undefined, '20261122000000_runs_complete');
    await installQueue(old.url, jobs);
    await backUp({ url: old.url, store: app.store }, rig.folder);
    await migrate(rig.url);
    await expect(rig.restored()).rejects.toThrow(
      /has the migration 20261123000000_access, .* that nothing was started on/s,
    );
  });

  test('refuses a backup of a version that knows more', async ({ app }) => {
    await using newer = await createDatabase();
    await runOn(
      newer.url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('x', repeat('0', 64), '29990101000000_later', now())`,
    );
    await backUp({ url: newer.url, store: app.store }, rig.folder);
    await expect(rig.restored()).rejects.toThrow(/migration 29990101000000_later .* newer one/s);
  });

  const spoil: [string, (manifest: Manifest) => Promise<void>][] = [
    [
      'a table with another byte',
      async () => {
        const file = join(rig.folder, tableFile({ schema: 'public', name: 'traces' }));
        const bytes = await readFile(file);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        await writeFile(file, bytes);
      },
    ],
    [
      'a table that is cut off',
      async () => {
        const file = join(rig.folder, tableFile({ schema: 'public', name: 'traces' }));
        await writeFile(file, (await readFile(file)).subarray(0, -9));
      },
    ],
    ['a table that is gone', () => rm(join(rig.folder, 'tables/public.traces.copy.zst'))],
    ['artifacts that are gone', () => rm(join(rig.folder, 'objects'), { recursive: true })],
    [
      'another manifest',
      async () => {
        const file = join(rig.folder, 'manifest.json');
        await writeFile(
          file,
          (await readFile(file, 'utf8')).replace('"isCalled": true', '"isCalled": false'),
        );
      },
    ],
    ['no manifest', () => rm(join(rig.folder, 'manifest.json'))],
  ];
  test.for(spoil)('refuses %s, and writes nothing', async ([, damage], { app }) => {
    await makeTrace(app);
    await makeArtifact(app, 'out/kept.txt', 'kept');
    await damage(await rig.saved(app));
    await expect(rig.restored()).rejects.toThrow(BackupError);
    expect(await ask(rig.url, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    expect(await readdir(rig.dir)).toEqual(['backup']);
  });

  test('leaves no rows when it fails at the last table', async ({ app }) => {
    await makeTrace(app);
    await rig.saved(app);
    await migrate(rig.url);
    await runOn(rig.url, 'ALTER TABLE traces ADD CHECK (step_count > 1)');
    await expect(rig.restored()).rejects.toThrow('check constraint');
    const [row] = await ask(rig.url, 'SELECT count(*)::int AS rows FROM datasets');
    expect(row).toEqual({ rows: 0 });
  });
});
