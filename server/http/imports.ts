import type { IncomingMessage, ServerResponse } from 'node:http';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { importTraces } from '../traces/import.ts';
import { ImportFault, type ImportResult } from '../traces/importModel.ts';
import type { Caller } from './caller.ts';
import { recordWrite } from './recordWrite.ts';
import { fail } from './respond.ts';

const TYPES = ['application/x-ndjson', 'application/jsonl', 'application/json'];
const ENCODINGS = ['identity', 'gzip', 'x-gzip'];

/** What of a body is still read after the answer, so that its sender gets to see it. */
const DRAINED_BYTES = 64 * 1024 * 1024;
const DRAINED_MS = 5_000;

/** 409 where another request is in the way, 503 where waiting helps, 422 where the file is at fault. */
const statusOf = ({ code }: ImportFault): number => {
  switch (code) {
    case 'KEY_CONFLICT':
    case 'OFFSET_AHEAD':
    case 'IMPORT_TAKEN_OVER':
    case 'IMPORT_CANCELLED':
      return 409;
    case 'DATABASE_AWAY':
      return 503;
    default:
      return 422;
  }
};

const shown = (result: ImportResult) => ({
  ...result,
  importId: globalId('ImportSession', result.importId),
});

/**
 * `POST /import/traces?key=&offset=&name=&source=&tag=&format=&mapping=&maxErrors=&size=`: NDJSON or one
 * JSON array of any length, plain or gzip. The body is read as fast as it can be stored; the answer
 * reports every count and the first 1000 bad lines.
 */
export async function handleImport(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  caller: Caller,
): Promise<void> {
  // Not one of the types a foreign page can send without asking first.
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!TYPES.includes(type)) {
    const message = 'Send lines as application/x-ndjson, or an array as application/json.';
    fail(response, 415, 'UNSUPPORTED_TYPE', message);
    return drain(request);
  }
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (!ENCODINGS.includes(encoding)) {
    fail(response, 415, 'UNSUPPORTED_ENCODING', 'Send the body as it is, or packed with gzip.');
    return drain(request);
  }
  const options = { ...optionsOf(query), isGzip: encoding !== 'identity' };
  const body = request.iterator({ destroyOnReturn: false });
  await recordWrite(app, caller, response, 'importTraces', query, async (answer) => {
    const result = await importTraces(app, body, options).catch(asFault);
    if (!(result instanceof Error)) return answer(200, shown(result));
    if (result instanceof ValidationError) {
      const { message, issues } = result;
      return answer(400, { error: { code: 'VALIDATION', message, issues } });
    }
    const { code, message, bytes } = result;
    return answer(statusOf(result), {
      error: { code, message, ...(bytes !== undefined && { bytes }) },
      ...(result.result && shown(result.result)),
    });
  });
  drain(request);
}

/** What is wrong with the file or the request; everything else is thrown on. */
function asFault(error: unknown): ValidationError | ImportFault {
  if (error instanceof ValidationError || error instanceof ImportFault) return error;
  throw error;
}

const PARAMETERS = [
  'key',
  'offset',
  'name',
  'source',
  'tag',
  'format',
  'mapping',
  'maxErrors',
  'size',
];

/** The options as the query has them; what nobody knows, is no number or no JSON is for the service to refuse. */
function optionsOf(query: URLSearchParams) {
  const text = (name: string) => query.get(name) ?? undefined;
  const number = (name: string) => {
    const value = query.get(name);
    return value !== null && /^\d{1,16}$/.test(value) ? Number(value) : (value ?? undefined);
  };
  const mapping = query.get('mapping');
  const unknown = [...query].filter(([name]) => !PARAMETERS.includes(name));
  return {
    ...Object.fromEntries(unknown),
    key: text('key'),
    offset: number('offset'),
    name: text('name'),
    source: text('source'),
    tags: query.getAll('tag'),
    format: query.get('format')?.toUpperCase(),
    mapping: mapping === null ? undefined : parsedOr(mapping),
    maxErrors: number('maxErrors'),
    totalBytes: number('size'),
  };
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Reads on after an early answer, so that a sender in the middle of its body is not cut off before it
 * has read why; a body that goes on for too long is.
 */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  request.removeAllListeners('readable'); // of a reader that was left waiting
  let left = DRAINED_BYTES;
  const timer = setTimeout(() => request.destroy(), DRAINED_MS).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.on('close', () => clearTimeout(timer));
  request.resume();
}
