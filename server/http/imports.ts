import type { IncomingMessage, ServerResponse } from 'node:http';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { importTraces } from '../traces/import.ts';
import { fail, json } from './respond.ts';

/**
 * `POST /import/traces?name=&source=&tag=`: NDJSON of any length. The body is read as fast as it can
 * be stored; the answer reports every count and the first 1000 bad lines.
 */
export async function handleImport(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  // Not one of the types a foreign page can send without asking first.
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-ndjson' && type !== 'application/jsonl') {
    fail(response, 415, 'UNSUPPORTED_TYPE', 'Send the lines as application/x-ndjson.');
    return;
  }
  if (request.headers['content-encoding']) {
    fail(response, 415, 'UNSUPPORTED_ENCODING', 'Send the lines without compression.');
    return;
  }
  try {
    const result = await importTraces(app, request, {
      name: query.get('name') ?? undefined,
      source: query.get('source'),
      tags: query.getAll('tag'),
    });
    json(response, 200, { ...result, importId: globalId('ImportSession', result.importId) });
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    json(response, 400, {
      error: { code: 'VALIDATION', message: error.message, issues: error.issues },
    });
  }
}
