/** An empty database to restore into, and folders for a backup and a store that go with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { App } from '../app.ts';
import { openDirectoryStore } from '../artifacts/directory.ts';
import { backUp } from '../backup/backup.ts';
import type { Manifest } from '../backup/manifest.ts';
import { restore } from '../backup/restore.ts';
import { idOf } from '../backup/tables.ts';
import { jobs } from '../jobs.ts';
import { installQueue } from '../queue.ts';
import { createDatabase } from './database.ts';

export type BackupRig = Awaited<ReturnType<typeof openBackupRig>>;

/** The address of the database of an app. */
export const urlOf = (app: App) => String(app.sql.options.connectionString);

export async function openBackupRig() {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-backup-'));
  const folder = join(dir, 'backup');
  const empty = await createDatabase({ migrated: false });
  const { url } = empty;
  return {
    /** Where the backup and, after it was restored, the store are; nothing else. */
    dir,
    folder,
    /** Of a database without tables. */
    url,
    saved: (app: App) => backUp({ url: urlOf(app), store: app.store }, folder),
    restored: (to = url) =>
      restore(
        {
          url: to,
          store: openDirectoryStore(join(dir, 'store')),
          installQueue: () => installQueue(to, jobs),
        },
        folder,
      ),
    async [Symbol.asyncDispose]() {
      await empty[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The rows of one statement, asked as the owner. */
export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The digest of all rows of each table, whatever their order. */
export async function digests(url: string, { tables }: Manifest): Promise<Record<string, unknown>> {
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
