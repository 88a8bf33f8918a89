import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * Opens a regular file below a folder for reading. Null when it is gone, is something else, or a link
 * leads out of the folder: the folder may have been changed since the file was put there.
 */
export async function openInside(root: string, path: string): Promise<FileHandle | null> {
  const [realRoot, realFile] = await Promise.all([
    realpath(root).catch(() => null),
    realpath(join(root, path)).catch(() => null),
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
