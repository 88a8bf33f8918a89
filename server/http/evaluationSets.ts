import type { IncomingMessage, ServerResponse } from 'node:http';
import { globalId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { ConflictError, ValidationError } from '../errors.ts';
import { createEvaluationSet } from '../evaluationSets/create.ts';
import { MAX_SET_BYTES } from '../evaluationSets/model.ts';
import type { Caller } from './caller.ts';
import { readLinesFile } from './linesFile.ts';
import { recordWrite } from './recordWrite.ts';

/**
 * `POST /import/evaluation-sets?name=&version=&minItems=`: the file of an evaluation set, one item
 * per line, at most 10 MB. It is stored whole or not at all; the answer has every issue.
 */
export async function handleEvaluationSet(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  caller: Caller,
): Promise<void> {
  const jsonl = await readLinesFile(
    request,
    response,
    MAX_SET_BYTES,
    'Make more than one set of it.',
  );
  if (!jsonl) return;
  await recordWrite(app, caller, response, 'createEvaluationSet', query, async (answer) => {
    try {
      const stored = await createEvaluationSet(app, {
        name: query.get('name') ?? '',
        version: query.get('version') ?? '',
        jsonl: jsonl(),
        minItems: numberOf(query.get('minItems')),
      });
      const { items, issues } = stored.report;
      await answer(201, {
        id: globalId('EvaluationSet', stored.id),
        key: stored.key,
        contentHash: stored.contentHash,
        itemCount: items.length,
        warnings: issues,
      });
    } catch (error) {
      if (error instanceof ValidationError) {
        const { message, issues } = error;
        await answer(400, { error: { code: 'VALIDATION', message, issues } });
      } else if (error instanceof ConflictError) {
        const { message, resource, existingId } = error;
        const existing = existingId && globalId(resource, existingId);
        await answer(409, { error: { code: 'CONFLICT', message, existingId: existing } });
      } else throw error;
    }
  });
}

/** A number of a query string; what is none stays one that the service refuses. */
const numberOf = (value: string | null): number | null => (value === null ? null : Number(value));
