/**
 * Where artifacts lie: below the data folder, one folder for each attempt. A path comes from a
 * manifest row, never from a client, and is checked again before it is opened: the folder may have
 * been changed since.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { attemptPaths } from '../tunix/config.ts';

export type StoredFile = { runId: string; attempt: number; path: string };

/**
 * Opens a stored file for reading. Null when it is gone, is no regular file, or a link leads out of
 * the attempt's folder.
 */
export async function openStored(dataDir: string, file: StoredFile): Promise<FileHandle | null> {
  const root = attemptPaths(dataDir, file.runId, file.attempt).attemptDir;
  const [realRoot, realFile] = await Promise.all([
    realpath(root).catch(() => null),
    realpath(join(root, file.path)).catch(() => null),
  ]);
  if (!realRoot || !realFile?.startsWith(realRoot + sep)) return null;
  // Without following a link and without waiting on a FIFO that took the file's place since.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(realFile, flags).catch(() => null);
  if (!handle) return null;
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return null;
}
