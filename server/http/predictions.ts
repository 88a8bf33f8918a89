import type { IncomingMessage, ServerResponse } from 'node:http';
import { globalId, localId } from '../../schema/ids.ts';
import type { App } from '../app.ts';
import { ConflictError, InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
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
    try {
      const { runId, repeated, ...report } = await importPredictions(app, {
        // What is the id of nothing stays one that the service refuses.
        runId: run && (localId('Run', run) ?? run),
        system: system === null ? null : { name: system, modelId: query.get('model') ?? '' },
        datasetKey: query.get('dataset'),
        split: query.get('split')?.toUpperCase(),
        evaluationSetKey: query.get('set'),
        jsonl: jsonl(),
        allowMissing: booleanOf(query.get('allowMissing')),
      });
      const { number } = await app.db.run.findUniqueOrThrow({ where: { id: runId } });
      const shown = { runId: globalId('Run', runId), number, repeated, ...report };
      await answer(repeated ? 200 : 201, shown);
    } catch (error) {
      if (error instanceof ValidationError) {
        const { message, issues } = error;
        await answer(400, { error: { code: 'VALIDATION', message, issues } });
      } else if (error instanceof NotFoundError)
        await answer(404, { error: { code: 'NOT_FOUND', message: error.message } });
      else if (error instanceof ConflictError)
        await answer(409, { error: { code: 'CONFLICT', message: error.message } });
      else if (error instanceof InvalidStateError) {
        await answer(409, { error: { code: 'INVALID_STATE', message: error.message } });
      } else throw error;
    }
  });
}

/** A switch of a query string; what is none stays something that the service refuses. */
const booleanOf = (value: string | null) =>
  value === null ? null : value === 'true' || (value === 'false' ? false : value);
