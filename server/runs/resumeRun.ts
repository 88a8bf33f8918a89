import type { Pool } from 'pg';
import { z } from 'zod';
import type { RunMode, RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { listCheckpoints } from '../artifacts/checkpoints.ts';
import { InvalidStateError, ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { findRun, inputOf, requireState, type StoredRun, whyNoResume } from './again.ts';
import { configHashOf, createRun, findRunByKey } from './create.ts';
import { CreateRun } from './model.ts';
import { resolveRun } from './plan/validate.ts';

type Needs = Pick<App, 'db' | 'sql' | 'config' | 'queue' | 'bell' | 'metrics'>;

const ResumeRun = z.strictObject({
  /** The newest without. */
  step: z.int().min(1).nullish(),
  /** As the run had it without. */
  timeoutSeconds: z.int().min(1).max(2_592_000).nullish(),
  maxAttempts: z.int().min(1).max(100).nullish(),
  idempotencyKey: CreateRun.shape.idempotencyKey,
});

/**
 * Queues a run that goes on from a stored checkpoint of one that ended without being completed, with
 * the same config. The same key gives the same run.
 * @throws NotFoundError, InvalidStateError when it cannot be resumed or would not be the same
 *   experiment, ValidationError for a step without a checkpoint, and what `createRun` throws.
 */
export async function resumeRun(
  app: Needs,
  runId: string | null,
  input: z.input<typeof ResumeRun>,
  by?: string,
): Promise<{ id: string; created: boolean }> {
  const { step, timeoutSeconds, maxAttempts, idempotencyKey } = parse(ResumeRun, input);
  const run = await findRun(app, runId);
  const known = await findRunByKey(app, idempotencyKey, { id: run.id, kind: 'RESUME' });
  if (known) return { id: known.id, created: false };
  requireState(run, whyNoResume(run));
  const from = chooseStep(run, await storedSteps(app.sql, run.id), step ?? null);
  const asked = inputOf(run);
  const resolved = await resolveRun(app, asked);
  if (configHashOf(resolved) !== run.configHash) {
    throw new InvalidStateError(
      `Run ${run.number} was made by another version of Tunix RT, which filled in other defaults; its ` +
        'checkpoints cannot be resumed. Clone it to train anew.',
      run.status,
    );
  }
  return createRun(
    app,
    {
      ...asked,
      acknowledgedWarnings: resolved.warnings.map(({ code }) => code),
      idempotencyKey,
      ...(timeoutSeconds && { timeoutSeconds }),
      ...(maxAttempts && { maxAttempts }),
    },
    { parent: { id: run.id, number: run.number, kind: 'RESUME', step: from }, by },
  );
}

/** Whether there is anything to resume a run from; what `resumeRun` asks too. */
export async function isResumable(
  sql: Pool,
  run: { id: string; number: number; mode: RunMode; status: RunStatus },
): Promise<boolean> {
  return whyNoResume(run) === null && (await storedSteps(sql, run.id)).length > 0;
}

/** The steps of which a checkpoint is still kept, the newest first. */
async function storedSteps(sql: Pool, runId: string): Promise<number[]> {
  const checkpoints = await listCheckpoints(sql, runId);
  const kept = checkpoints.filter(({ step, available }) => available && step > 0);
  return [...new Set(kept.map(({ step }) => step))];
}

function chooseStep(run: StoredRun, steps: readonly number[], wanted: number | null): number {
  const [newest] = steps;
  if (newest === undefined) {
    throw new InvalidStateError(
      `Run ${run.number} has no stored checkpoint to go on from. Retry it to start anew.`,
      run.status,
    );
  }
  if (wanted === null || steps.includes(wanted)) return wanted ?? newest;
  throw new ValidationError([
    {
      path: ['step'],
      code: 'NO_CHECKPOINT',
      message:
        `step: Run ${run.number} has no stored checkpoint of step ${wanted}. It has those of ` +
        `${steps.slice(0, 20).join(', ')}.`,
      found: String(wanted),
    },
  ]);
}
