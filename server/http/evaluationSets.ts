import type { IncomingMessage, ServerResponse } from 'node:http';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { ConflictError, ValidationError } from '../errors.ts';
import { createEvaluationSet } from '../evaluationSets/create.ts';
import { MAX_SET_BYTES } from '../evaluationSets/model.ts';
import { fail, json } from './respond.ts';

/**
 * `POST /import/evaluation-sets?name=&version=&minItems=`: the file of an evaluation set, one item
 * per line, at most 10 MB. It is stored whole or not at all; the answer has every issue.
 */
export async function handleEvaluationSet(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const refuse = (status: number, code: string, message: string) => {
    // The body is not read to its end, so nothing else can follow on this connection.
    response.setHeader('connection', 'close');
    fail(response, status, code, message);
  };
  // Not one of the types a foreign page can send without asking first.
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-ndjson' && type !== 'application/jsonl') {
    refuse(415, 'UNSUPPORTED_TYPE', 'Send the lines as application/x-ndjson.');
    return;
  }
  if (request.headers['content-encoding']) {
    refuse(415, 'UNSUPPORTED_ENCODING', 'Send the lines without compression.');
    return;
  }
  const body = await readBody(request);
  if (!body) {
    refuse(
      413,
      'TOO_LARGE',
      `At most ${MAX_SET_BYTES} bytes are read. Make more than one set of it.`,
    );
    return;
  }
  try {
    const stored = await createEvaluationSet(app, {
      name: query.get('name') ?? '',
      version: query.get('version') ?? '',
      jsonl: textOf(body),
      minItems: numberOf(query.get('minItems')),
    });
    const { items, issues } = stored.report;
    json(response, 201, {
      id: globalId('EvaluationSet', stored.id),
      key: stored.key,
      contentHash: stored.contentHash,
      itemCount: items.length,
      warnings: issues,
    });
  } catch (error) {
    if (error instanceof ValidationError) {
      const { message, issues } = error;
      json(response, 400, { error: { code: 'VALIDATION', message, issues } });
    } else if (error instanceof ConflictError) {
      const { message, resource, existingId } = error;
      const existing = existingId && globalId(resource, existingId);
      json(response, 409, { error: { code: 'CONFLICT', message, existingId: existing } });
    } else throw error;
  }
}

/** The whole body, or null when it has more bytes than a set may have. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left early, the request must not go: its connection still carries the answer.
  const parts: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of parts) {
    length += chunk.length;
    if (length > MAX_SET_BYTES) return null;
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

/** A number of a query string; what is none stays one that the service refuses. */
const numberOf = (value: string | null): number | null => (value === null ? null : Number(value));
