/** How the bytes of a chunk are stored: as they are, or compressed where that is worth it. */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { LogEncoding } from '../../prisma/generated/client/enums.ts';

const compress = promisify(zstdCompress);

/** Below this, the frame and the work outweigh what is saved. */
const LEAST_BYTES = 512;
/** What takes less time than to hand it to a thread. */
const SMALL_BYTES = 8 * 1024;
/** Fast enough for the fastest writer; the next levels take twice the time for a tenth less. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Compresses what gets smaller by a tenth at least; large chunks off the event loop. */
export async function encode(bytes: Buffer): Promise<{ encoding: LogEncoding; data: Buffer }> {
  if (bytes.length >= LEAST_BYTES) {
    const data =
      bytes.length <= SMALL_BYTES ? zstdCompressSync(bytes, LEVEL) : await compress(bytes, LEVEL);
    if (data.length < bytes.length * 0.9) return { encoding: 'ZSTD', data };
  }
  return { encoding: 'RAW', data: bytes };
}

/**
 * The lines of a chunk. @param bytes how many they are: with the room known, a chunk takes less than a
 * tenth of a millisecond.
 */
export function decode(encoding: LogEncoding, data: Buffer, bytes: number): Buffer {
  return encoding === 'ZSTD' ? zstdDecompressSync(data, { chunkSize: bytes + 64 }) : data;
}
