/** Unpacks a gzip stream piece by piece, and refuses one that is broken or made to exhaust us. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip } from 'node:zlib';

/** JSON lines pack 5–50 times; only data made for it reaches more than 200. */
const GZIP_MAX_RATIO = 200;
/** Below this many bytes the ratio says nothing. */
const FREE_BYTES = 16 * 1024 * 1024;

export type GzipFault = 'BAD_GZIP' | 'TRUNCATED_GZIP' | 'GZIP_RATIO';

const MESSAGES: Record<GzipFault, string> = {
  BAD_GZIP: 'The body is no gzip, or it is damaged. Pack the file again, or send it as it is.',
  TRUNCATED_GZIP: 'The gzip stream ends too early. Send the whole file.',
  GZIP_RATIO: `The body unpacks to more than ${GZIP_MAX_RATIO} times its size. Send it without gzip.`,
};

/** A gzip stream that is not unpacked any further. */
export class GzipError extends Error {
  override readonly name = 'GzipError';
  readonly code: GzipFault;
  constructor(code: GzipFault, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.code = code;
  }
}

const asFault = (error: unknown): unknown => {
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  if (errno === constants.Z_BUF_ERROR) return new GzipError('TRUNCATED_GZIP', { cause: error });
  const isOfZlib = typeof code === 'string' && code.startsWith('Z_');
  return isOfZlib ? new GzipError('BAD_GZIP', { cause: error }) : error;
};

/**
 * The unpacked bytes of a gzip stream. What breaks the source is passed on as it is.
 * @throws GzipError when the stream is damaged, cut, or unpacks to more than 200 times its size.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let read = 0;
  let given = 0;
  const counted = async function* () {
    for await (const chunk of source) {
      read += chunk.length;
      yield chunk;
    }
  };
  const unpacked = createGunzip({ chunkSize: 64 * 1024 });
  const feeding = pipeline(Readable.from(counted(), { objectMode: false }), unpacked);
  feeding.catch(() => {}); // the loop below is told of it too
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      given += chunk.length;
      if (given > FREE_BYTES && given > read * GZIP_MAX_RATIO) throw new GzipError('GZIP_RATIO');
      yield chunk;
    }
  } catch (error) {
    throw asFault(error);
  }
}
