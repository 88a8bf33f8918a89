import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { sha256 } from '../lib/canonical.ts';

/** The file that is sent, as far as the server and a second try need to know it. */
export type Source = {
  name: string;
  isGzip: boolean;
  /** Unpacked size in bytes; null when nobody knows it before the end. */
  size: number | null;
  /** Bytes to send from the beginning, packed or not; null when nobody knows. */
  length: number | null;
  /** The same for the same file and options; null for what can be read only once. */
  key: string | null;
  /** The bytes from `offset` on; packed files begin at 0 and the server passes over what it has. */
  open(offset: number): { stream: Readable; offset: number };
};

/** The file cannot be read. */
export class SourceError extends Error {}

/** What can be read once and not from the middle: the standard input, a pipe. */
function readOnce(name: string, isGzip: boolean, begin: () => Readable): Source {
  let isRead = false;
  const open = () => {
    if (isRead) throw new SourceError(`${name} can be sent only once. Send a file.`);
    isRead = true;
    return { stream: begin(), offset: 0 };
  };
  return { name, isGzip, size: null, length: null, key: null, open };
}

/** Looks at a file, at a pipe by its name, or at the standard input for `-`. */
export async function openSource(
  file: string,
  input: Readable,
  isPacked: boolean,
  options: URLSearchParams,
): Promise<Source> {
  if (file === '-') return readOnce('stdin', isPacked, () => input);
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new SourceError(`${file} is no file.`);
    if (!found.isFile()) return readOnce(basename(file), isPacked, () => createReadStream(file));
    const { size, mtimeMs } = found;
    const path = await realpath(file);
    const isGzip = isPacked || path.endsWith('.gz');
    return {
      name: basename(file),
      isGzip,
      size: isGzip ? null : size,
      length: size,
      key: `file-${sha256(JSON.stringify([path, size, mtimeMs, String(options)])).slice(0, 40)}`,
      open(offset) {
        const start = isGzip ? 0 : offset;
        const stream = createReadStream(path, { start, highWaterMark: 256 * 1024 });
        return { stream, offset: start };
      },
    };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw unreadable(file, error);
  }
}

/** Why a file cannot be opened, or not be read to its end. */
export const unreadable = (name: string, error: unknown) =>
  new SourceError(`${name} cannot be read: ${(error as Error).message}`);
