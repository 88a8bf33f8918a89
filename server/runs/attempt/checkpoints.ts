/** What a training predicts on its way: stored, judged and drawn beside its losses. */
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { addCheckpointEvaluation, checkpointAccuracy } from '../../evaluations/checkpoint.ts';
import { appendEvent } from '../events.ts';
import { fenced, type Lease, ringRun } from '../lease.ts';
import { readPredictions, storePredictions } from '../predictions.ts';
import { untilStored } from '../retry.ts';
import type { NewPoint } from './metrics.ts';

/** The series of the share of right answers, 0–1. */
const ACCURACY = 'eval/accuracy';

/** The steps at which earlier attempts of a run have been judged; they need not be again. */
export async function evaluatedSteps(sql: App['sql'], runId: string): Promise<number[]> {
  const { rows } = await sql.query<{ step: number }>(
    'SELECT DISTINCT step FROM metric_points WHERE run_id = $1 AND name = $2 ORDER BY step',
    [runId, ACCURACY],
  );
  return rows.map(({ step }) => step);
}

/**
 * Stores what the checkpoint of a step predicted and asks for its evaluation, once, however many
 * attempts come by. The metric is computed here from what is stored, by the judge of
 * that evaluation: only the holder of the lease may number metric points.
 * @returns the accuracy as a point of its series.
 * @throws LeaseLostError when somebody else has the run.
 */
export async function storeCheckpoint(
  app: Pick<App, 'db' | 'sql' | 'queue' | 'bell' | 'log'>,
  lease: Lease,
  run: { datasetId: string; attemptDir: string },
  step: number,
  signal: AbortSignal,
): Promise<NewPoint[]> {
  const { runId, epoch } = lease;
  const file = join(run.attemptDir, `predictions-${step}.jsonl`);
  const predictions = await readPredictions(file, null);
  const target = { runId, datasetId: run.datasetId, step };
  const isNew = await untilStored(signal, app.log, () =>
    fenced(app, lease, async (tx) => {
      if ((await storePredictions(tx, runId, predictions, step)) === 0) return false;
      const total = predictions.length;
      await appendEvent(
        tx,
        runId,
        'PREDICTIONS',
        { step, split: 'eval', done: total, total },
        epoch,
      );
      await addCheckpointEvaluation(app.queue, tx, target);
      return true;
    }),
  );
  if (isNew) {
    ringRun(app, runId);
    app.bell.ring('evaluations');
  }
  const value = await untilStored(signal, app.log, () =>
    checkpointAccuracy(app.sql, target, signal),
  );
  return [{ name: ACCURACY, step, value, at: new Date() }];
}
