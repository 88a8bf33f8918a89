import type { App } from '../../app.ts';
import { putAndWrite } from '../../artifacts/keep.ts';
import { addArtifacts, type ManifestEntry, totalOf } from '../../artifacts/manifest.ts';
import { addEvaluation } from '../../evaluations/evaluate.ts';
import { databaseTime } from '../../lib/databaseTime.ts';
import { appendEvent } from '../events.ts';
import { recordFailure } from '../failures/failures.ts';
import { fenced, type Lease, ringRun } from '../lease.ts';
import { type NewPrediction, storePredictions } from '../predictions.ts';
import { requeueOrEnd } from '../reap.ts';
import { untilStored } from '../retry.ts';
import type { Outcome } from './outcome.ts';

/** What an attempt leaves behind besides its checkpoints. */
export type Results = { files: ManifestEntry[]; predictions: NewPrediction[]; logTail: string };

/** Whether it is on what is judged at the end: the run's evaluation set, or else the TEST side. */
const isJudged = ({ split, setItemId }: NewPrediction): boolean =>
  setItemId !== null || split === 'TEST';

/**
 * Writes the end of an attempt: artifacts, predictions, status, event and the evaluation's job, all
 * or nothing. Its files are in the store before that, so nobody sees an end that a crash can undo.
 * @throws LeaseLostError when somebody else has the run, StoreAwayError; nothing is written.
 */
export async function finishAttempt(
  app: Pick<App, 'db' | 'sql' | 'store' | 'queue' | 'bell' | 'config' | 'log' | 'metrics'>,
  lease: Lease,
  outcome: Outcome,
  results: Results,
  signal: AbortSignal,
): Promise<void> {
  const { runId, epoch } = lease;
  const { status, reason, exitCode, exitSignal } = outcome;
  const end = () =>
    fenced(app, lease, async (tx) => {
      const now = await databaseTime(tx);
      await tx.runAttempt.update({
        where: { runId_epoch: { runId, epoch } },
        data: { status, reason, exitCode, exitSignal, endedAt: now },
      });
      await addArtifacts(tx, runId, epoch, results.files);
      if (results.files.length > 0) {
        await appendEvent(tx, runId, 'ARTIFACTS', totalOf(results.files), epoch);
      }
      const run = await tx.run.update({
        where: { id: runId },
        data: { logTail: results.logTail, exitCode, exitSignal },
      });
      if (
        status === 'LOST' ||
        status === 'RELEASED' ||
        (status === 'FAILED' && run.retryOnFailure)
      ) {
        await requeueOrEnd(app, tx, runId, epoch, `ATTEMPT_${status}`, reason ?? '');
        return null;
      }
      if (results.predictions.length > 0) await storePredictions(tx, runId, results.predictions);
      await tx.run.update({
        where: { id: runId },
        data: { status, error: reason, finishedAt: now },
      });
      await recordFailure(tx, runId);
      await appendEvent(tx, runId, status, reason ? { reason } : {}, epoch);
      const wanted = app.config.evaluateOnCompletion && status === 'COMPLETED';
      if (!wanted || !results.predictions.some(isJudged)) return null;
      const { id } = await addEvaluation(app.queue, tx, { runId });
      return id;
    });
  const timed = () => app.metrics.common.timeWrite('finish_attempt', end);
  const evaluationId = await untilStored(signal, app.log, () =>
    putAndWrite(app, results.files, signal, timed),
  );
  app.bell.ring('queue'); // it may wait again
  ringRun(app, runId);
  if (evaluationId) app.bell.ring('evaluations');
}
