/** The bytes of one artifact: from the store, or from where an older version left them. */
import type { Readable } from 'node:stream';
import type { App } from '../app.ts';
import { openInFolder } from './folders.ts';
import type { ByteRange } from './store.ts';

/** What of a row is needed to read its file. */
export type ArtifactFile = {
  runId: string;
  attempt: number;
  path: string;
  sha256: string;
  size: bigint;
  deletedAt: Date | null;
};

type Needs = Pick<App, 'store' | 'config'>;

/** Whether its bytes can be had now. */
export async function isReadable(app: Needs, file: ArtifactFile): Promise<boolean> {
  if (file.deletedAt) return false;
  if ((await app.store.sizeOf(file.sha256)) === Number(file.size)) return true;
  const handle = await openLeft(app, file);
  await handle?.close();
  return handle !== null;
}

/**
 * Its bytes, or a part of them. Null when they are gone, or are not as many as the row says. The caller
 * destroys the stream.
 * @throws StoreAwayError when the store cannot be asked.
 */
export async function openArtifact(
  app: Needs,
  file: ArtifactFile,
  range?: ByteRange,
): Promise<Readable | null> {
  if (file.deletedAt) return null;
  if ((await app.store.sizeOf(file.sha256)) === Number(file.size)) {
    return app.store.open(file.sha256, range);
  }
  const handle = await openLeft(app, file);
  return handle?.createReadStream(range) ?? null;
}

async function openLeft(app: Needs, file: ArtifactFile) {
  const handle = await openInFolder(app.config.dataDir, file);
  if (!handle) return null;
  if ((await handle.stat()).size === Number(file.size)) return handle;
  await handle.close();
  return null;
}
