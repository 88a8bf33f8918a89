import type { App } from '../app.ts';
import { findRun, inputOf, requireState, whyNoReproduce } from './again.ts';
import { createRun } from './create.ts';
import { resolveRun } from './plan/validate.ts';

/**
 * Queues a run that repeats another with everything pinned: its config with seed and every default as
 * it was resolved then, its dataset and its evaluation set. Each call makes one more. Warnings count
 * as acknowledged, as they were for the first run.
 * @throws NotFoundError, InvalidStateError for a run that trained nothing here, and what `createRun`
 *   throws when the model or the runtime is gone.
 */
export async function reproduceRun(
  app: Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell' | 'metrics'>,
  id: string | null,
  by?: string,
): Promise<{ id: string }> {
  const run = await findRun(app, id);
  requireState(run, whyNoReproduce(run));
  const input = inputOf(run);
  const { warnings } = await resolveRun(app, input);
  const acknowledgedWarnings = warnings.map(({ code }) => code);
  return createRun(app, { ...input, acknowledgedWarnings }, { reproducesId: run.id, by });
}
