import type { AttemptStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { type ManifestEntry, storeManifest } from '../artifacts/manifest.ts';
import { addEvaluation } from '../evaluations/evaluate.ts';
import { appendEvent } from './events.ts';
import { fenced, type Lease, ringRun } from './lease.ts';
import { type NewPrediction, storePredictions } from './predictions.ts';
import { requeueOrEnd } from './reap.ts';
import { untilStored } from './retry.ts';

/** How an attempt ended. LOST and RELEASED give the run another attempt. */
export type Outcome = {
  status: Exclude<AttemptStatus, 'RUNNING'>;
  /** One sentence, for everything but COMPLETED. */
  reason: string | null;
  exitCode: number | null;
  exitSignal: string | null;
};

export type Results = { manifest: ManifestEntry[]; predictions: NewPrediction[]; logTail: string };

/** Whether it is on what is judged at the end: the run's evaluation set, or else the TEST side. */
const isJudged = ({ split, setItemId }: NewPrediction): boolean =>
  setItemId !== null || split === 'TEST';

/**
 * Writes the end of an attempt: artifacts, predictions, status, event and the evaluation's job, all
 * or nothing.
 * @throws LeaseLostError when somebody else has the run; nothing is written.
 */
export async function finishAttempt(
  app: Pick<App, 'db' | 'queue' | 'bell' | 'config' | 'log'>,
  lease: Lease,
  outcome: Outcome,
  results: Results,
  signal: AbortSignal,
): Promise<void> {
  const { runId, epoch } = lease;
  const { status, reason, exitCode, exitSignal } = outcome;
  const evaluationId = await untilStored(signal, app.log, () =>
    fenced(app, lease, async (tx) => {
      const now = new Date();
      await tx.runAttempt.update({
        where: { runId_epoch: { runId, epoch } },
        data: { status, reason, exitCode, exitSignal, endedAt: now },
      });
      await storeManifest(tx, runId, epoch, results.manifest);
      await tx.run.update({
        where: { id: runId },
        data: { logTail: results.logTail, exitCode, exitSignal },
      });
      if (status === 'LOST' || status === 'RELEASED') {
        const kind = status === 'LOST' ? 'ATTEMPT_LOST' : 'ATTEMPT_RELEASED';
        await requeueOrEnd(app, tx, runId, epoch, kind, reason ?? '');
        return null;
      }
      if (results.predictions.length > 0) await storePredictions(tx, runId, results.predictions);
      await tx.run.update({
        where: { id: runId },
        data: { status, error: reason, finishedAt: now },
      });
      await appendEvent(tx, runId, status, reason ? { reason } : {}, epoch);
      const wanted = app.config.evaluateOnCompletion && status === 'COMPLETED';
      if (!wanted || !results.predictions.some(isJudged)) return null;
      const { id } = await addEvaluation(app.queue, tx, { runId });
      return id;
    }),
  );
  ringRun(app, runId);
  if (evaluationId) app.bell.ring('evaluations');
}
