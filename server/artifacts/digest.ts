import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Fewer reads than with the 64 KB of a stream otherwise, and still only some ms of work at once. */
const READ_BYTES = 1024 * 1024;

/** The sha256 (hex) and size of a file, read once from start to end. */
export async function digestOf(
  file: string,
  signal?: AbortSignal,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const bytes = createReadStream(file, { highWaterMark: READ_BYTES });
  const count = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
    }
  };
  await (signal ? pipeline(bytes, count, { signal }) : pipeline(bytes, count));
  return { sha256: hash.digest('hex'), size };
}

/** A stream that passes bytes on, and the sha256 (hex) of all that have passed once it has ended. */
export function hashing(): { pass: Transform; digest(): string } {
  const hash = createHash('sha256');
  const pass = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      hash.update(bytes);
      done(null, bytes);
    },
  });
  let digest: string | undefined;
  return { pass, digest: () => (digest ??= hash.digest('hex')) };
}
