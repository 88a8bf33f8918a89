import type { App } from '../app.ts';
import { findRun, inputOf, requireState, whyNoRetry } from './again.ts';
import { createRun, findRunByKey } from './create.ts';
import { resolveRun } from './plan/validate.ts';

type Needs = Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell' | 'metrics'>;

/**
 * Queues a run with the config of one that ended without being completed, from its first step. The
 * warnings of that one count as acknowledged. The same key gives the same run.
 * @throws NotFoundError, InvalidStateError, and what `createRun` throws when model or runtime are gone.
 */
export async function retryRun(
  app: Needs,
  runId: string | null,
  idempotencyKey?: string | null,
  by?: string,
): Promise<{ id: string; created: boolean }> {
  const run = await findRun(app, runId);
  const known = await findRunByKey(app, idempotencyKey, { id: run.id, kind: 'RETRY' });
  if (known) return { id: known.id, created: false };
  requireState(run, whyNoRetry(run));
  const input = inputOf(run);
  const { warnings } = await resolveRun(app, input);
  const acknowledgedWarnings = warnings.map(({ code }) => code);
  return createRun(
    app,
    { ...input, acknowledgedWarnings, idempotencyKey },
    { parent: { id: run.id, number: run.number, kind: 'RETRY' }, by },
  );
}
