import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { localId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { readChosenTraces } from '../traces/readChosen.ts';
import { FORMATS, linesOf, NDJSON, stream } from './exports.ts';
import { readText } from './linesFile.ts';
import { fail } from './respond.ts';

/** Room for 10 000 ids. */
const MAX_BYTES = 2_000_000;

const Body = z.strictObject({
  traceIds: z.array(z.string()),
  format: z.enum(FORMATS).nullish(),
});

/**
 * `POST /export/traces.jsonl` with `{"traceIds": […], "format": "tunix_sft"}`: these traces, 1 to
 * 10 000, in this order. Ids may be global or bare.
 */
export async function exportTraces(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const types = ['application/json'];
  try {
    const text = await readText(request, response, types, MAX_BYTES, 'Send fewer ids.');
    if (text === null) return;
    const { traceIds, format } = parse(Body, parseJson(text()));
    const ids = traceIds.map((id) => localId('Trace', id) ?? id);
    const rows = await readChosenTraces(app.sql, { traceIds: ids });
    await stream(response, 'traces.jsonl', NDJSON, linesOf(rows, format ?? 'tunix_sft'));
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    fail(response, 400, 'VALIDATION', error.message);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const message = 'The body is no JSON. Send {"traceIds": ["…"], "format": "tunix_sft"}.';
    throw new ValidationError([{ path: [], code: 'NOT_JSON', message }]);
  }
}
