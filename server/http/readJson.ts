import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ValidationError } from '../errors.ts';
import { isObject } from '../lib/isObject.ts';

/** A body that is refused; what is left of it is not read. */
export class BodyFault extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * The JSON object of a small body. Its type is one that no form of another page can send.
 * @throws BodyFault when it is not read, ValidationError when it is no object
 */
export async function readJson(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new BodyFault(415, 'UNSUPPORTED_TYPE', 'Send the body as application/json.');
  }
  const length = request.headers['content-length'];
  if (length === undefined) {
    throw new BodyFault(411, 'LENGTH_REQUIRED', 'Say the content-length of the body.');
  }
  if (Number(length) > maxBytes) {
    throw new BodyFault(413, 'TOO_LARGE', `At most ${maxBytes} bytes are read.`);
  }
  const body = parsed(await text(request));
  if (isObject(body)) return { ...body };
  const message = 'The body is no JSON object.';
  throw new ValidationError([{ path: [], code: 'NO_OBJECT', message }]);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
