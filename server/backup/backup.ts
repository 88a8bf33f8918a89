/**
 * Makes a backup while everybody goes on working: all rows are read in one snapshot of the database, and
 * the artifacts are those that the rows of this snapshot name. What is under way at this moment is in it as
 * it was. The folder gets its name when it is whole.
 */
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import packageFile from '../../package.json' with { type: 'json' };
import { hashing } from '../artifacts/digest.ts';
import { someAtOnce } from '../artifacts/keep.ts';
import { type ObjectStore, placeOf } from '../artifacts/store.ts';
import { connect } from '../postgres/connection.ts';
import { appliedMigrations } from '../postgres/migrate.ts';
import { BackupError } from './errors.ts';
import {
  type Manifest,
  newManifest,
  PRIVATE,
  type TablePart,
  tableFile,
  writeManifest,
} from './manifest.ts';
import { copyOut, readSequences, readTables, type Table } from './tables.ts';

/** What is being done, and how many bytes of it are. */
export type OnProgress = (what: string, bytes: number) => void;

type Source = { url: string; store: ObjectStore };
type StoredFile = { sha256: string; size: number };

/**
 * Writes a backup into a new folder, readable by its owner alone.
 * @throws BackupError when the folder is there, or an artifact is missing or damaged.
 */
export async function backUp(
  { url, store }: Source,
  folder: string,
  onProgress: OnProgress = () => {},
): Promise<Manifest> {
  const target = resolve(folder);
  const draft = `${target}.draft-${process.pid}`;
  await requireNew(target);
  await mkdir(dirname(target), { recursive: true });
  await mkdir(join(draft, 'tables'), { recursive: true, mode: PRIVATE.folder });
  try {
    const { objects, ...rows } = await copyRows(url, draft, onProgress);
    const gone = await copyObjects({ url, store }, draft, objects, onProgress);
    const manifest = newManifest({
      version: packageFile.version,
      ...rows,
      objects: objects.filter(({ sha256 }) => !gone.includes(sha256)),
      goneObjects: gone,
    });
    await writeManifest(draft, manifest);
    await requireNew(target);
    await rename(draft, target);
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Copies all tables in one snapshot, which ends before the artifacts are copied: it holds back the clean-up
 * of the whole database, and they may take hours.
 */
async function copyRows(url: string, dir: string, onProgress: OnProgress) {
  const client = await connect(url);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0');
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const tables: TablePart[] = [];
    for (const table of await readTables(client)) {
      tables.push(await copyTable(client, dir, table, onProgress));
    }
    const { rows: objects } = await client.query<StoredFile>(
      `SELECT sha256, max(size)::float8 AS size FROM artifacts WHERE deleted_at IS NULL
       GROUP BY sha256 ORDER BY sha256`,
    );
    const migrations = await appliedMigrations(client);
    return { tables, objects, migrations, sequences: await readSequences(client) };
  } finally {
    await client.end();
  }
}

async function requireNew(target: string): Promise<void> {
  const found = await lstat(target).catch(() => null);
  if (found) throw new BackupError(`${target} is there already. Name a folder that is not.`);
}

async function copyTable(
  client: pg.Client,
  dir: string,
  table: Table,
  onProgress: OnProgress,
): Promise<TablePart> {
  const file = join(dir, tableFile(table));
  const rows = client.query(copyTo(copyOut(table)));
  const { pass, digest } = hashing();
  pass.on('data', (bytes: Buffer) => onProgress(table.name, bytes.length));
  const out = createWriteStream(file, { mode: PRIVATE.file, flags: 'wx', flush: true });
  await pipeline(rows, createZstdCompress(), pass, out);
  return { ...table, rows: rows.rowCount, bytes: (await stat(file)).size, sha256: digest() };
}

/** Copies artifacts; the digests of those that somebody has given up since the snapshot come back. */
async function copyObjects(
  { url, store }: Source,
  dir: string,
  objects: readonly StoredFile[],
  onProgress: OnProgress,
): Promise<string[]> {
  const copied = await someAtOnce(objects, async ({ sha256 }) => {
    const source = await store.open(sha256);
    if (!source) return { sha256, isThere: false };
    const file = join(dir, 'objects', placeOf(sha256));
    await mkdir(dirname(file), { recursive: true, mode: PRIVATE.folder });
    const { pass, digest } = hashing();
    pass.on('data', (bytes: Buffer) => onProgress('artifacts', bytes.length));
    await pipeline(source, pass, createWriteStream(file, { mode: PRIVATE.file, flush: true }));
    if (digest() !== sha256)
      throw new BackupError(damaged(sha256, 'has other bytes than its name says'));
    return { sha256, isThere: true };
  });
  const missing = copied.filter(({ isThere }) => !isThere).map(({ sha256 }) => sha256);
  if (missing.length === 0) return [];
  const client = await connect(url);
  try {
    const { rows } = await client.query<{ sha256: string }>(
      'SELECT sha256 FROM artifacts WHERE sha256 = ANY($1) AND deleted_at IS NULL LIMIT 1',
      [missing],
    );
    if (rows[0]) throw new BackupError(damaged(rows[0].sha256, 'is missing'));
    return missing;
  } finally {
    await client.end();
  }
}

const damaged = (sha256: string, what: string) =>
  `The artifact ${sha256} ${what} in the store. Look at the store, or restore it from an older backup; ` +
  'no backup was made.';
