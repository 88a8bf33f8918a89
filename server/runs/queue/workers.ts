/** The runners that are alive, and whether they would take a run: the rules of `take.ts`, one by one. */
import type { Pool } from 'pg';
import type { RunMode } from '../../../prisma/generated/client/enums.ts';
import { IS_ONLINE } from '../../runners/read.ts';

/** A run that waits or might: one without an id stands behind all of its priority. */
export type Wanted = {
  id?: string;
  requiredLabels: readonly string[];
  modelId: string;
  mode: RunMode;
  priority: number;
};

/** A runner that is alive. */
export type Worker = {
  id: string;
  name: string;
  labels: string[];
  slots: number;
  draining: boolean;
  ready: boolean;
  message: string | null;
  /** Ids of the models it can have; null when it did not say, so that it may try. */
  models: string[] | null;
  /** Numbers of the runs it has. */
  runs: number[];
};

export const offers = (worker: Worker, { requiredLabels }: Wanted) =>
  requiredLabels.every((label) => worker.labels.includes(label));

export const hasItsModel = ({ models }: Worker, { modelId }: Wanted) =>
  models === null || models.includes(modelId);

export const canExecute = (worker: Worker, { mode }: Wanted) => worker.ready || mode !== 'LOCAL';

/** Whether it takes such runs, as soon as it has a free slot. */
export const takes = (worker: Worker, wanted: Wanted) =>
  offers(worker, wanted) &&
  hasItsModel(worker, wanted) &&
  canExecute(worker, wanted) &&
  !worker.draining;

/** The runners that are alive, the oldest first. */
export async function readWorkers(sql: Pool): Promise<Worker[]> {
  const { rows } = await sql.query<Worker>(
    `SELECT id, name, labels, slots, draining_at IS NOT NULL AS draining,
            coalesce((runtime->>'ready')::boolean, false) AS ready, runtime->>'message' AS message,
            runtime->'models' AS models,
            ARRAY(SELECT number FROM run_attempts attempt JOIN runs run ON run.id = attempt.run_id
                  WHERE attempt.runner_id = runner.id AND attempt.status = 'RUNNING'
                  ORDER BY number) AS runs
     FROM runners runner WHERE ${IS_ONLINE} ORDER BY started_at, id`,
  );
  return rows;
}
