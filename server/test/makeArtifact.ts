import { randomUUIDv7 } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from '../app.ts';
import { sha256 } from '../lib/canonical.ts';
import { makeDataset, makeRun } from './make.ts';

/** A row of a manifest whose file an older version left in the folder of its attempt; null leaves none. */
export async function makeLeft(app: App, path: string, content: string | Buffer | null) {
  const run = await makeRun(app, (await makeDataset(app)).id);
  const attemptDir = join(app.config.dataDir, 'runs', run.id, 'attempt-1');
  const file = join(attemptDir, path);
  await mkdir(dirname(file), { recursive: true });
  if (content !== null) await writeFile(file, content);
  const artifact = await app.db.artifact.create({
    data: {
      id: randomUUIDv7(),
      runId: run.id,
      attempt: 1,
      kind: 'OTHER',
      path,
      size: Buffer.byteLength(content ?? 'never written'),
      sha256: sha256(content ?? 'never written'),
    },
  });
  return { artifact, attemptDir, file, url: `/artifacts/${artifact.id}` };
}

/** The same with its file in the store. */
export async function makeArtifact(
  app: App,
  path: string,
  content: string | Buffer = '0123456789',
) {
  const { artifact, file, url } = await makeLeft(app, path, content);
  await app.store.put({ file, sha256: artifact.sha256, size: Number(artifact.size) });
  await rm(file);
  return { artifact, url };
}
