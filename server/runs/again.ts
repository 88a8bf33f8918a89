/** Which runs can be tried again, and how; for the buttons and for the changes behind them. */
import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { RunMode, RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { CreateRun, type CreateRunInput, type RunConfig } from './model.ts';
import { runCan } from './status.ts';

type Candidate = { number: number; mode: RunMode; status: RunStatus };

const include = { dataset: true, evaluationSet: true } satisfies Prisma.RunInclude;

export type StoredRun = Prisma.RunGetPayload<{ include: typeof include }>;

/**
 * A run with what it was trained and judged on.
 * @throws NotFoundError
 */
export async function findRun(app: Pick<App, 'db'>, id: string | null): Promise<StoredRun> {
  const run = id ? await app.db.run.findUnique({ where: { id }, include }) : null;
  if (!run) throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
  return run;
}

const named = ({ number }: Candidate): string => `Run ${number}`;

/** Why nothing can be made from a run; null when it can. */
export const whyNoClone = (run: Candidate): string | null =>
  run.mode === 'EXTERNAL'
    ? `${named(run)} was trained elsewhere, so there is nothing to run again. Import other predictions instead.`
    : null;

/** Why a run cannot be retried; null when it can. */
export function whyNoRetry(run: Candidate): string | null {
  if (run.mode === 'EXTERNAL' || runCan('retry', run.status)) return whyNoClone(run);
  return run.status === 'COMPLETED'
    ? `${named(run)} is completed, so there is nothing to retry. Clone it, or reproduce it to compare.`
    : `${named(run)} has not ended. Cancel it first, or wait for its end.`;
}

/** Why a run cannot be resumed, apart from its checkpoints; null when it can. */
export function whyNoResume(run: Candidate): string | null {
  if (run.mode === 'DRY_RUN') {
    return `${named(run)} is a dry run, so it has no checkpoints. Clone it in mode LOCAL to train.`;
  }
  if (run.mode === 'EXTERNAL' || runCan('resume', run.status)) return whyNoClone(run);
  return run.status === 'COMPLETED'
    ? `${named(run)} is completed, so no step is left to do. Clone it with more epochs or steps to train longer.`
    : `${named(run)} has not ended. Cancel it first, or wait for its end.`;
}

/** Why there is no training to repeat; null when there is one. */
export function whyNoReproduce(run: Candidate): string | null {
  if (run.mode === 'LOCAL') return null;
  const why = run.mode === 'EXTERNAL' ? 'was trained elsewhere' : 'is a dry run';
  return `${named(run)} ${why}, so there is no training to repeat. Give a run of mode LOCAL.`;
}

/** @throws InvalidStateError when there is a reason why not. */
export function requireState(run: Candidate, why: string | null): void {
  if (why !== null) throw new InvalidStateError(why, run.status);
}

/** The input that resolves to a stored run: all that was asked, nothing that is computed from it. */
export function inputOf(run: StoredRun): CreateRunInput {
  const config = run.config as unknown as RunConfig;
  const { totalSteps: _, ...hyperparameters } = config.hyperparameters;
  const asked = Object.entries(config).filter(([name]) => name in CreateRun.shape);
  return {
    ...(Object.fromEntries(asked) as typeof config),
    hyperparameters,
    name: run.name,
    datasetKey: run.dataset?.key ?? '',
    evaluationSetKey: run.evaluationSet?.key ?? null,
    timeoutSeconds: run.timeoutSeconds,
    priority: run.priority,
    maxAttempts: run.maxAttempts,
    requiredLabels: run.requiredLabels,
    retryOnFailure: run.retryOnFailure,
  };
}
