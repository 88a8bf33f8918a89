/** Several artifacts as one ZIP file, made while it is sent: nothing of it is kept on disk or in memory. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { makeZip, predictLength } from 'client-zip';
import type { App } from '../app.ts';
import { type ArtifactFile, openArtifact } from './read.ts';

export type ZipEntry = { name: string; file: ArtifactFile & { createdAt: Date } };

const metaOf = ({ name, file }: ZipEntry) => ({
  name,
  size: file.size,
  // The same bytes each time it is asked for.
  lastModified: file.createdAt,
});

/** How many bytes it will have: entries are stored as they are, since weights do not get smaller. */
export const zipLength = (entries: readonly ZipEntry[]): bigint =>
  predictLength(entries.map(metaOf));

/** Its bytes. The stream fails when an entry is gone, or the store goes away. */
export function openZip(
  app: Pick<App, 'store' | 'config'>,
  entries: readonly ZipEntry[],
): Readable {
  async function* opened() {
    for (const entry of entries) {
      const body = await openArtifact(app, entry.file);
      if (!body) throw new Error(`${entry.name} went away while it was sent`);
      try {
        yield { ...metaOf(entry), input: body };
      } finally {
        body.destroy();
      }
    }
  }
  return Readable.fromWeb(makeZip(opened()) as ReadableStream<Uint8Array>);
}
