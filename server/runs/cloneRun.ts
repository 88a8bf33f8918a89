import type { App } from '../app.ts';
import { findRun, inputOf, requireState, type StoredRun, whyNoClone } from './again.ts';
import { createRun, findRunByKey } from './create.ts';
import type { CreateRunInput, RunWarning } from './model.ts';
import { defaultInterval } from './plan/resolveConfig.ts';
import { resolveRun } from './plan/validate.ts';

type Needs = Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell' | 'metrics'>;

/** Every field of a run but its key; what is left out stays, what is null goes back to its default. */
export type CloneChanges = Partial<Omit<CreateRunInput, 'idempotencyKey' | 'acknowledgedWarnings'>>;

type Hyperparameters = NonNullable<CreateRunInput['hyperparameters']>;

export type CloneRunInput = {
  /** The name of the parent without. */
  name?: string | null | undefined;
  changes?: CloneChanges | null | undefined;
  idempotencyKey?: string | null | undefined;
  acknowledgedWarnings?: string[] | null | undefined;
};

/**
 * Queues a run with the config of another, some of it changed. A warning that the other one had word
 * for word counts as acknowledged. The same key gives the same run.
 * @throws NotFoundError, InvalidStateError for a run that was trained elsewhere, and what `createRun`
 *   throws.
 */
export async function cloneRun(
  app: Needs,
  runId: string | null,
  { name, changes, idempotencyKey, acknowledgedWarnings }: CloneRunInput,
  by?: string,
): Promise<{ id: string; created: boolean }> {
  const run = await findRun(app, runId);
  const known = await findRunByKey(app, idempotencyKey, { id: run.id, kind: 'CLONE' });
  if (known) return { id: known.id, created: false };
  requireState(run, whyNoClone(run));
  const merged = { ...changedInput(run, changes ?? {}), ...(name && { name }) };
  const { warnings } = await resolveRun(app, merged);
  const acknowledged = [...(acknowledgedWarnings ?? []), ...seenBefore(run, warnings)];
  return createRun(
    app,
    { ...merged, idempotencyKey, acknowledgedWarnings: acknowledged },
    { parent: { id: run.id, number: run.number, kind: 'CLONE' }, by },
  );
}

/** What was asked for with the changes on top; hyperparameters are merged one by one. */
function changedInput(
  run: StoredRun,
  { hyperparameters, ...changes }: CloneChanges,
): CreateRunInput {
  const asked = inputOf(run);
  const { evaluateEverySteps } = changes;
  return {
    ...asked,
    // How many items is of no use without how often.
    ...(evaluateEverySteps === null && { evaluateItems: null }),
    ...given(changes),
    hyperparameters: {
      ...withoutDefaults(asked.hyperparameters ?? {}, run.totalSteps ?? 0),
      ...given(hyperparameters ?? {}),
    },
  };
}

/** Intervals that came from the number of steps come from the new one. */
const withoutDefaults = (
  { evalEverySteps, saveEverySteps, ...others }: Hyperparameters,
  totalSteps: number,
): Hyperparameters => ({
  ...others,
  ...(evalEverySteps !== defaultInterval(totalSteps) && { evalEverySteps }),
  ...(saveEverySteps !== defaultInterval(totalSteps) && { saveEverySteps }),
});

/** Without the fields that nobody named. */
const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

const seenBefore = (run: StoredRun, warnings: readonly RunWarning[]): string[] => {
  const seen = new Set((run.warnings as RunWarning[]).map(({ message }) => message));
  return warnings.filter(({ message }) => seen.has(message)).map(({ code }) => code);
};
