import type { IncomingMessage, ServerResponse } from 'node:http';
import { codeOf } from '../../schema/errorCodes.ts';
import { globalId, localId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import {
  ConflictError,
  type DomainError,
  InvalidStateError,
  NotFoundError,
  ValidationError,
} from '../errors.ts';
import { importPredictions } from '../predictions/import.ts';
import { MAX_PREDICTION_BYTES } from '../predictions/model.ts';
import type { Caller } from './caller.ts';
import { readLinesFile } from './linesFile.ts';
import { recordWrite } from './recordWrite.ts';

/**
 * `POST /import/predictions?run=` (an id) or `?system=&model=`, with `&dataset=&split=` or `&set=`,
 * and `&allowMissing=true`: the lines of a predictions file, at most 20 MB. They are stored whole or
 * not at all; the answer has the lines that were left out.
 */
export async function handlePredictions(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  caller: Caller,
): Promise<void> {
  const remedy = 'Leave out what is not the prediction.';
  const jsonl = await readLinesFile(request, response, MAX_PREDICTION_BYTES, remedy);
  if (!jsonl) return;
  const [system, run] = [query.get('system'), query.get('run')];
  await recordWrite(app, caller, response, 'importPredictions', query, async (answer) => {
    const asked = {
      // What is the id of nothing stays one that the service refuses.
      runId: run && (localId('Run', run) ?? run),
      system: system === null ? null : { name: system, modelId: query.get('model') ?? '' },
      datasetKey: query.get('dataset'),
      split: query.get('split')?.toUpperCase(),
      evaluationSetKey: query.get('set'),
      allowMissing: booleanOf(query.get('allowMissing')),
    };
    try {
      const imported = await importPredictions(
        app,
        { ...asked, jsonl: jsonl() },
        caller.actor.name,
      );
      const { runId, repeated, ...report } = imported;
      const { number } = await app.db.run.findUniqueOrThrow({ where: { id: runId } });
      const shown = { runId: globalId('Run', runId), number, repeated, ...report };
      await answer(repeated ? 200 : 201, shown);
    } catch (error) {
      await answer(statusOf(error), { error: shownError(error as DomainError) });
    }
  });
}

/** The status of what the request or the file caused; everything else is thrown on. */
function statusOf(error: unknown): number {
  if (error instanceof ValidationError) return 400;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError || error instanceof InvalidStateError) return 409;
  throw error;
}

const shownError = (error: DomainError) => ({
  code: codeOf(error),
  message: error.message,
  ...(error instanceof ValidationError && { issues: error.issues }),
});

/** A switch of a query string; what is none stays something that the service refuses. */
const booleanOf = (value: string | null) =>
  value === null ? null : value === 'true' || (value === 'false' ? false : value);
