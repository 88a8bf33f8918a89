import { extname } from 'node:path';

/** What a training writes; the type is for people and programs, no browser is asked to run it. */
const TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.jinja': 'text/plain',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.webp': 'image/webp',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

const UNKNOWN = 'application/octet-stream';

/** The media type that the name of a file suggests. */
export const mediaTypeOf = (path: string): string => TYPES[extname(path).toLowerCase()] ?? UNKNOWN;

const isAscii = (bytes: Buffer, start: number, text: string) =>
  bytes.toString('latin1', start, start + text.length) === text;

/** The media type of a picture by its first 12 bytes; null for everything but the four a page shows. */
export function pictureTypeOf(bytes: Buffer): string | null {
  if (isAscii(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (isAscii(bytes, 0, '\xff\xd8\xff')) return 'image/jpeg';
  if (isAscii(bytes, 0, 'GIF87a') || isAscii(bytes, 0, 'GIF89a')) return 'image/gif';
  if (isAscii(bytes, 0, 'RIFF') && isAscii(bytes, 8, 'WEBP')) return 'image/webp';
  return null;
}
