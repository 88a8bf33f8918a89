import type { IncomingMessage, ServerResponse } from 'node:http';
import { ValidationError } from '../errors.ts';
import { fail } from './respond.ts';

/**
 * Reads a body of lines whole. Refuses it in the response and gives null when its type, its encoding
 * or its size is wrong; else gives its text.
 * @param remedy what to do with a larger file.
 * @throws ValidationError, when the text is asked for and is no UTF-8.
 */
export const readLinesFile = (
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  remedy: string,
): Promise<(() => string) | null> =>
  readText(request, response, ['application/x-ndjson', 'application/jsonl'], maxBytes, remedy);

/** The same for a body of one of these types. */
export async function readText(
  request: IncomingMessage,
  response: ServerResponse,
  types: readonly string[],
  maxBytes: number,
  remedy: string,
): Promise<(() => string) | null> {
  const refuse = (status: number, code: string, message: string) => {
    // The body is not read to its end, so nothing else can follow on this connection.
    response.setHeader('connection', 'close');
    fail(response, status, code, message);
    return null;
  };
  // Not one of the types a foreign page can send without asking first.
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (!type || !types.includes(type)) {
    return refuse(415, 'UNSUPPORTED_TYPE', `Send the body as ${types[0]}.`);
  }
  if (request.headers['content-encoding']) {
    return refuse(415, 'UNSUPPORTED_ENCODING', 'Send the body without compression.');
  }
  const body = await readBody(request, maxBytes);
  if (!body) return refuse(413, 'TOO_LARGE', `At most ${maxBytes} bytes are read. ${remedy}`);
  return () => textOf(body);
}

/** The whole body, or null when it has more bytes. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left early, the request must not go: its connection still carries the answer.
  const parts: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of parts) {
    length += chunk.length;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    const message = 'The file is not UTF-8. Save it as UTF-8 and send it again.';
    throw new ValidationError([{ path: ['jsonl'], code: 'NOT_UTF8', message }]);
  }
}
