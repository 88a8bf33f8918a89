/**
 * Brings a backup into an empty database and its store. All parts are read and compared with their digests
 * before anything is written; all rows come in one transaction, so that there is everything or nothing.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { digestOf } from '../artifacts/digest.ts';
import { someAtOnce } from '../artifacts/keep.ts';
import { type ObjectStore, placeOf } from '../artifacts/store.ts';
import { connect } from '../postgres/connection.ts';
import { appliedMigrations, foreignMigrations, migrate } from '../postgres/migrate.ts';
import type { OnProgress } from './backup.ts';
import { BackupError } from './errors.ts';
import { type Manifest, readManifest, type TablePart, tableFile } from './manifest.ts';
import { copyIn, idOf, readTables } from './tables.ts';

type Target = {
  url: string;
  store: ObjectStore;
  /** Makes the tables of the queue, which belong to a library. */
  installQueue(): Promise<void>;
};

/**
 * Restores a backup and applies the migrations it lacks. Nobody else may use the database meanwhile.
 * @throws BackupError when a part is missing or damaged, the backup is of another or a newer version, or
 *   the database has rows; nothing has changed then, but that an empty database may have tables.
 */
export async function restore(
  target: Target,
  folder: string,
  onProgress: OnProgress = () => {},
): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await requireKnown(manifest);
  await verify(folder, manifest, onProgress);
  await requireEmpty(target.url, manifest);
  // An object without a row is swept up some day; a row without its object would be a lie.
  await someAtOnce(manifest.objects, async ({ sha256, size }) => {
    await target.store.put({ file: join(folder, 'objects', placeOf(sha256)), sha256, size });
    onProgress('artifacts', size);
  });
  await migrate(target.url, undefined, manifest.migrations.at(-1)?.name);
  await target.installQueue();
  await loadAll(target.url, folder, manifest, onProgress);
  await migrate(target.url);
  return manifest;
}

async function requireKnown({ migrations, version }: Manifest): Promise<void> {
  const [foreign] = await foreignMigrations(migrations);
  if (foreign === undefined) return;
  throw new BackupError(
    `The backup was made by version ${version} of Tunix RT, whose migration ${foreign} this one does not ` +
      'have. Restore it with that version or a newer one.',
  );
}

async function verify(folder: string, manifest: Manifest, onProgress: OnProgress): Promise<void> {
  const parts = [
    ...manifest.tables.map((table) => ({ ...table, size: table.bytes, file: tableFile(table) })),
    ...manifest.objects.map((each) => ({ ...each, file: join('objects', placeOf(each.sha256)) })),
  ];
  await someAtOnce(parts, async ({ file, sha256, size }) => {
    const found = await digestOf(join(folder, file)).catch((cause: unknown) => {
      throw new BackupError(`${file} of the backup cannot be read. Use another backup.`, { cause });
    });
    if (found.sha256 !== sha256 || found.size !== size) {
      throw new BackupError(`${file} of the backup is damaged. Use another backup.`);
    }
    onProgress('verifying', size);
  });
}

/**
 * Before anything is made in a database that is not meant. Nor may it be ahead of the backup: a migration
 * that was applied to no rows would not be applied again to those that come.
 */
async function requireEmpty(url: string, { migrations, version }: Manifest): Promise<void> {
  const client = await connect(url);
  try {
    await requireNoRows(client);
    const known = new Set(migrations.map(({ name }) => name));
    const ahead = (await appliedMigrations(client)).find(({ name }) => !known.has(name));
    if (!ahead) return;
    throw new BackupError(
      `The database has the migration ${ahead.name}, which the backup of version ${version} has not. ` +
        'Restore into a database that nothing was started on; the backup brings its tables.',
    );
  } finally {
    await client.end();
  }
}

async function requireNoRows(client: pg.Client): Promise<void> {
  const tables = (await readTables(client)).filter(({ schema }) => schema === 'public');
  for (const table of tables) {
    const { rowCount } = await client.query(`SELECT FROM ${idOf(table)} LIMIT 1`);
    if (rowCount === 0) continue;
    throw new BackupError(
      `The database is not empty: ${table.name} has rows. Restore into a new database (or, for that of ` +
        '`npm start`, a new DATA_DIR), and start API and runners after it.',
    );
  }
}

async function loadAll(
  url: string,
  folder: string,
  manifest: Manifest,
  onProgress: OnProgress,
): Promise<void> {
  const client = await connect(url);
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0');
    const all = manifest.tables.map(idOf);
    await client.query(`LOCK TABLE ${all.join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await requireNoRows(client);
    // Triggers have counted these rows already, where they were written first.
    for (const id of all) await client.query(`ALTER TABLE ${id} DISABLE TRIGGER USER`);
    await client.query('DELETE FROM pgboss.job');
    await client.query('DELETE FROM pgboss.queue');
    for (const table of manifest.tables) await load(client, folder, table, onProgress);
    for (const id of all) await client.query(`ALTER TABLE ${id} ENABLE TRIGGER USER`);
    for (const { name, value, isCalled } of manifest.sequences) {
      await client.query('SELECT setval($1::regclass, $2, $3)', [
        `public.${name}`,
        value,
        isCalled,
      ]);
    }
    await client.query(
      `UPDATE artifacts SET deleted_at = clock_timestamp()
       WHERE sha256 = ANY($1) AND deleted_at IS NULL`,
      [manifest.goneObjects],
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

async function load(
  client: pg.Client,
  folder: string,
  table: TablePart,
  onProgress: OnProgress,
): Promise<void> {
  const rows = client.query(copyFrom(copyIn(table)));
  const file = createReadStream(join(folder, tableFile(table)));
  file.on('data', (bytes) => onProgress(table.name, bytes.length));
  await pipeline(file, createZstdDecompress(), rows);
  if (rows.rowCount === table.rows) return;
  throw new BackupError(
    `${table.name} has ${rows.rowCount} rows in the backup instead of ${table.rows}. Use another backup.`,
  );
}
