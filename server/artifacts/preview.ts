/** What a page can show of an artifact without downloading it. */
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { App } from '../app.ts';
import { displayable } from '../lib/text.ts';
import { mediaTypeOf, pictureTypeOf } from './mediaType.ts';
import { type ArtifactFile, openArtifact } from './read.ts';

const TEXT_BYTES = 64 * 1024;
const PICTURE_BYTES = 10 * 1024 * 1024;
/** Enough to know a picture by. */
const FIRST_BYTES = 12;

type Needs = Pick<App, 'store' | 'config'>;

export type Preview =
  | { kind: 'TEXT'; text: string; truncated: boolean; mediaType: string }
  | { kind: 'PICTURE'; mediaType: string };

/** A preview, or null for what is neither text nor picture, too large a picture, or gone. */
export async function readPreview(app: Needs, file: ArtifactFile): Promise<Preview | null> {
  const first = await readFirst(app, file, TEXT_BYTES);
  if (!first) return null;
  const picture = pictureTypeOf(first);
  if (picture) {
    return file.size <= PICTURE_BYTES ? { kind: 'PICTURE', mediaType: picture } : null;
  }
  // What has a NUL is no text in any encoding we would show.
  if (first.includes(0)) return null;
  const truncated = file.size > TEXT_BYTES;
  const mediaType = mediaTypeOf(file.path);
  const text = displayable(decode(first, truncated));
  const shown = mediaType === 'application/json' && !truncated ? indented(text) : text;
  return { kind: 'TEXT', text: shown, truncated, mediaType };
}

/** The bytes of a picture that a page may show, and its type; null for everything else. */
export async function openPicture(
  app: Needs,
  file: ArtifactFile,
): Promise<{ body: Readable; mediaType: string } | null> {
  if (file.size > PICTURE_BYTES) return null;
  const mediaType = pictureTypeOf((await readFirst(app, file, FIRST_BYTES)) ?? Buffer.alloc(0));
  const body = mediaType && (await openArtifact(app, file));
  return body ? { body, mediaType } : null;
}

async function readFirst(app: Needs, file: ArtifactFile, bytes: number): Promise<Buffer | null> {
  const size = Math.min(bytes, Number(file.size));
  if (size === 0) return file.deletedAt ? null : Buffer.alloc(0);
  const body = await openArtifact(app, file, { start: 0, end: size - 1 });
  return body && buffer(body);
}

/** UTF-8, with U+FFFD for what is none; of a text that was cut, no half of a character at the end. */
const decode = (bytes: Buffer, wasCut: boolean): string =>
  new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes, { stream: wasCut });

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
