import { createHash, randomUUIDv7 } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArtifactKind } from '../../prisma/generated/client/enums.ts';
import type { Tx } from '../db.ts';

export type ManifestEntry = { path: string; kind: ArtifactKind; size: number; sha256: string };

const kindOf = (path: string): ArtifactKind => {
  if (path.startsWith('checkpoints/')) return 'CHECKPOINT';
  if (path.startsWith('export/')) return 'EXPORT';
  if (/^predictions(-\d+)?\.jsonl$/.test(path)) return 'PREDICTIONS';
  if (path === 'events.jsonl') return 'EVENTS';
  if (path === 'config.json' || path === 'fingerprint.json') return 'CONFIG';
  return 'OTHER';
};

/** Lists every regular file below a folder with size and sha256. Links are not followed. */
export async function readManifest(root: string, inside = ''): Promise<ManifestEntry[]> {
  const entries = await readdir(join(root, inside), { withFileTypes: true }).catch(() => []);
  const found: ManifestEntry[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = inside ? `${inside}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...(await readManifest(root, path)));
    if (!entry.isFile()) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(root, path)), hash);
    const { size } = await lstat(join(root, path));
    found.push({ path, kind: kindOf(path), size, sha256: hash.digest('hex') });
  }
  return found;
}

/** Stores a manifest as artifact rows of an attempt, replacing what the attempt listed before. */
export async function storeManifest(
  tx: Tx,
  runId: string,
  attempt: number,
  entries: ManifestEntry[],
): Promise<void> {
  await tx.artifact.deleteMany({ where: { runId, attempt } });
  await tx.artifact.createMany({
    data: entries.map((entry) => ({ id: randomUUIDv7(), runId, attempt, ...entry })),
  });
}
