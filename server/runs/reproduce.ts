import type { App } from '../app.ts';
import { InvalidStateError } from '../errors.ts';
import { findRun, inputOf } from './again.ts';
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
  app: Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell'>,
  id: string | null,
): Promise<{ id: string }> {
  const run = await findRun(app, id);
  const { mode } = run;
  if (mode !== 'LOCAL') {
    const why = mode === 'EXTERNAL' ? 'was trained elsewhere' : 'is a dry run';
    throw new InvalidStateError(
      `Run ${run.number} ${why}, so there is no training to repeat. Give a run of mode LOCAL.`,
      run.status,
    );
  }
  const input = inputOf(run);
  const { warnings } = await resolveRun(app, input);
  const acknowledgedWarnings = warnings.map(({ code }) => code);
  return createRun(app, { ...input, acknowledgedWarnings }, { reproducesId: run.id });
}
