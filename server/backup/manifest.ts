/**
 * A backup is a folder: `manifest.json`, `tables/` with the rows of each table as COPY writes them,
 * compressed with Zstandard, and `objects/` with the artifacts by their sha256. The manifest names every
 * part with size and sha256, and itself carries the digest of what it says. Whoever can read the folder has
 * what the database has, digests of passwords and keys included: only its owner may.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { contentHash } from '../lib/canonical.ts';
import { BackupError } from './errors.ts';

const FORMAT = 1;
const FILE = 'manifest.json';
/** Readable by its owner alone. */
export const PRIVATE = { folder: 0o700, file: 0o600 } as const;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Name = z.string().regex(/^[a-z_][a-z0-9_]*$/);
const Count = z.number().int().min(0);

const TablePart = z.object({
  schema: z.enum(['public', 'pgboss']),
  name: Name,
  /** In the order of the values of a row. */
  columns: z.array(Name).min(1),
  rows: Count,
  /** Of the compressed file. */
  bytes: Count,
  sha256: Digest,
});

const Manifest = z.object({
  format: z.literal(FORMAT),
  /** Of Tunix RT. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** In an order in which each stands after those it refers to. */
  tables: z.array(TablePart),
  /** Of the numbers that the database gives out. */
  sequences: z.array(z.object({ name: Name, value: Count, isCalled: z.boolean() })),
  objects: z.array(z.object({ sha256: Digest, size: Count })),
  /** Objects that were given up while the backup was made; their artifacts are restored as given up. */
  goneObjects: z.array(Digest),
});

export type TablePart = z.output<typeof TablePart>;
export type Manifest = z.output<typeof Manifest>;

/** Where the rows of a table are, from the folder of the backup. */
export const tableFile = ({ schema, name }: Pick<TablePart, 'schema' | 'name'>): string =>
  join('tables', `${schema}.${name}.copy.zst`);

/** The manifest of a backup made now. */
export const newManifest = (content: Omit<Manifest, 'format' | 'createdAt'>): Manifest => ({
  format: FORMAT,
  createdAt: new Date().toISOString(),
  ...content,
});

export async function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  const text = JSON.stringify({ ...manifest, digest: contentHash(manifest) }, null, 2);
  await writeFile(join(dir, FILE), `${text}\n`, { mode: PRIVATE.file, flag: 'wx', flush: true });
}

/** @throws BackupError when there is none, or it is not what was written. */
export async function readManifest(dir: string): Promise<Manifest> {
  const file = join(dir, FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BackupError(`${dir} is no backup: it has no ${FILE} that can be read.`, { cause });
  });
  try {
    const { digest, ...said } = JSON.parse(text) as { digest: unknown };
    const manifest = Manifest.parse(said);
    if (contentHash(manifest) !== digest) throw new Error('it says something else than it said');
    return manifest;
  } catch (cause) {
    throw new BackupError(`${file} is damaged, or of another format. Use another backup.`, {
      cause,
    });
  }
}
