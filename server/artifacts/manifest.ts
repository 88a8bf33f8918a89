/** What lies in a folder, as files of the store and as rows. */
import { randomUUIDv7 } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactKind } from '../../prisma/generated/client/enums.ts';
import type { Tx } from '../db.ts';
import { digestOf } from './digest.ts';
import type { LocalFile } from './store.ts';

/** A file by its path in the folder of its attempt, and where its bytes are now. */
export type ManifestEntry = LocalFile & { path: string; kind: ArtifactKind; step: number | null };

/** Where the trainer puts what `transformers` loads, in the folder of its attempt. */
export const EXPORT_FOLDER = 'export/';

const kindOf = (path: string): ArtifactKind => {
  if (path.startsWith('checkpoints/')) return 'CHECKPOINT';
  if (path.startsWith(EXPORT_FOLDER)) return 'EXPORT';
  if (path.startsWith('data/')) return 'DATA';
  if (/^predictions(-\d+)?\.jsonl$/.test(path)) return 'PREDICTIONS';
  if (path === 'events.jsonl') return 'EVENTS';
  if (path === 'config.json') return 'CONFIG';
  if (path.endsWith('.log')) return 'LOG';
  return 'OTHER';
};

const stepOf = (path: string): number | null => {
  const step = /^checkpoints\/(\d{1,9})\//.exec(path)?.[1];
  return step === undefined ? null : Number(step);
};

/**
 * Lists every regular file below a folder, in the order of the paths. Links are not followed.
 * @param prefix what the paths begin with: where the folder stands in that of its attempt.
 * @param isWanted for paths of folders and files; what is below an unwanted folder is not looked at.
 */
export async function readManifest(
  root: string,
  prefix = '',
  isWanted: (path: string) => boolean = () => true,
): Promise<ManifestEntry[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const found: ManifestEntry[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(root, entry.name);
    const path = `${prefix}${entry.name}`;
    if (!isWanted(path)) continue;
    if (entry.isDirectory()) found.push(...(await readManifest(file, `${path}/`, isWanted)));
    if (!entry.isFile()) continue;
    found.push({ file, path, kind: kindOf(path), step: stepOf(path), ...(await digestOf(file)) });
  }
  return found;
}

/** Lists files as artifacts of an attempt; those that it has already stay as they are. */
export async function addArtifacts(
  tx: Tx,
  runId: string,
  attempt: number,
  entries: readonly ManifestEntry[],
): Promise<void> {
  await tx.artifact.createMany({
    data: entries.map(({ file: _, ...entry }) => ({
      id: randomUUIDv7(),
      runId,
      attempt,
      ...entry,
    })),
    skipDuplicates: true,
  });
}

/** How many files, and how many bytes, as an event says it. */
export const totalOf = (entries: readonly ManifestEntry[]): { files: number; bytes: number } => ({
  files: entries.length,
  bytes: entries.reduce((sum, { size }) => sum + size, 0),
});
