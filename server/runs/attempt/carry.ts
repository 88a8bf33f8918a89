/**
 * Finds the checkpoint an attempt goes on from and brings its files from the store, wherever they were
 * written.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { App } from '../../app.ts';
import { BrokenObjectError } from '../../artifacts/faults.ts';
import { someAtOnce } from '../../artifacts/keep.ts';
import type { LocalFile } from '../../artifacts/store.ts';
import { InvalidStateError } from '../../errors.ts';
import { type Fingerprint, requireSame } from './fingerprint.ts';

type Needs = Pick<App, 'sql' | 'store'>;

/** The run an attempt belongs to, and what it began from when it is a RESUME. */
export type Resumable = {
  id: string;
  parentId: string | null;
  parentKind: string | null;
  resumeStep: number | null;
};

type Candidate = {
  runId: string;
  attempt: number;
  step: number;
  fingerprint: Fingerprint | null;
};

/**
 * Puts the newest stored checkpoint of a run, or the one it was made to resume, under `checkpoints` of
 * an attempt. One whose files are missing or spoilt is passed over for the one before.
 * @param say takes a line for the log of the run.
 * @returns its step; null when the run begins from nothing.
 * @throws InvalidStateError when a checkpoint was made under other conditions, or the one to resume is
 *   gone; StoreAwayError.
 */
export async function carryCheckpoint(
  app: Needs,
  run: Resumable,
  attemptDir: string,
  fingerprint: Fingerprint,
  say: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<number | null> {
  const own = await candidatesOf(app, run.id, null);
  const isResume = run.parentKind === 'RESUME' && run.resumeStep !== null;
  const parents =
    isResume && run.parentId ? await candidatesOf(app, run.parentId, run.resumeStep) : [];
  for (const candidate of [...own, ...parents]) {
    if (!candidate.fingerprint) continue;
    requireSame(candidate.fingerprint, fingerprint);
    const { step } = candidate;
    try {
      await fetchCheckpoint(app, candidate, attemptDir, signal);
      return step;
    } catch (error) {
      if (!(error instanceof BrokenObjectError)) throw error;
      await say(`The checkpoint of step ${step} cannot be used: ${error.message}`);
    }
  }
  if (isResume) {
    throw new InvalidStateError(
      `The checkpoint of step ${run.resumeStep} that this run resumes is gone. Resume another ` +
        'checkpoint, or clone the run to train anew.',
      'RUNNING',
    );
  }
  if (own.length > 0) await say('No checkpoint can be used; training starts from nothing.');
  return null;
}

/** The checkpoints of a run whose files are kept, newest first. */
async function candidatesOf(
  { sql }: Needs,
  runId: string,
  step: number | null,
): Promise<Candidate[]> {
  const { rows } = await sql.query<Candidate>(
    `SELECT run_id AS "runId", attempt, step, fingerprint
     FROM artifacts JOIN run_attempts USING (run_id)
     WHERE run_id = $1 AND attempt = epoch AND kind = 'CHECKPOINT' AND step IS NOT NULL
       AND ($2::int IS NULL OR step = $2)
     GROUP BY run_id, attempt, step, fingerprint HAVING bool_and(deleted_at IS NULL)
     ORDER BY step DESC, attempt DESC`,
    [runId, step],
  );
  return rows;
}

async function fetchCheckpoint(
  { sql, store }: Needs,
  { runId, attempt, step }: Candidate,
  attemptDir: string,
  signal: AbortSignal,
): Promise<void> {
  const { rows } = await sql.query<{ path: string } & Omit<LocalFile, 'file'>>(
    `SELECT path, sha256, size::float8 AS size FROM artifacts
     WHERE run_id = $1 AND attempt = $2 AND kind = 'CHECKPOINT' AND step = $3`,
    [runId, attempt, step],
  );
  // Moved in place when it is whole: a step under `checkpoints` counts as committed.
  const draft = join(attemptDir, 'carried');
  const target = join(attemptDir, 'checkpoints', String(step));
  try {
    await someAtOnce(rows, async ({ path, sha256, size }) => {
      const file = join(draft, path);
      await mkdir(dirname(file), { recursive: true });
      await store.fetch({ file, sha256, size }, signal);
    });
    await mkdir(dirname(target), { recursive: true });
    await rename(join(draft, 'checkpoints', String(step)), target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
