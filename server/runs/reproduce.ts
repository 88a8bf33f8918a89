import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { createRun } from './create.ts';
import { CreateRun, type CreateRunInput, type RunConfig } from './model.ts';
import { resolveRun } from './validate.ts';

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
  const run = id
    ? await app.db.run.findUnique({
        where: { id },
        include: { dataset: true, evaluationSet: true },
      })
    : null;
  if (!run) throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
  const { mode, dataset, evaluationSet } = run;
  if (mode !== 'LOCAL' || !dataset) {
    const why = mode === 'EXTERNAL' ? 'was trained elsewhere' : 'is a dry run';
    throw new InvalidStateError(
      `Run ${run.number} ${why}, so there is no training to repeat. Give a run of mode LOCAL.`,
      run.status,
    );
  }
  const input: CreateRunInput = {
    ...asAsked(run.config as unknown as RunConfig),
    name: run.name,
    datasetKey: dataset.key,
    evaluationSetKey: evaluationSet?.key ?? null,
    timeoutSeconds: run.timeoutSeconds,
    priority: run.priority,
    maxAttempts: run.maxAttempts,
  };
  const { warnings } = await resolveRun(app, input);
  const acknowledgedWarnings = warnings.map(({ code }) => code);
  return createRun(app, { ...input, acknowledgedWarnings }, { reproducesId: run.id });
}

/** The input that resolves to a config: all that is stored but what is computed from the rest. */
function asAsked(config: RunConfig): Pick<CreateRunInput, 'modelId' | 'mode' | 'hyperparameters'> {
  const { totalSteps: _, ...hyperparameters } = config.hyperparameters;
  const asked = Object.entries(config).filter(([name]) => name in CreateRun.shape);
  return { ...(Object.fromEntries(asked) as typeof config), hyperparameters };
}
