/**
 * Evaluations of a training on its way. Its checkpoints answer items of the EVAL side, never of what
 * the final model is judged on, and only answered items count.
 */
import { randomUUIDv7 } from 'node:crypto';
import type { Pool } from 'pg';
import type { Tx } from '../db.ts';
import type { Queue } from '../queue.ts';
import { judgeOutput } from './items.ts';
import { EvaluateRun } from './job.ts';
import { DEFAULT_JUDGE, findJudge } from './judges/registry.ts';
import { readOutputs } from './outputs.ts';

/** The predictions of one step of a run. */
export type Checkpoint = { runId: string; datasetId: string; step: number };

const TARGET = { split: 'EVAL', evaluationSetId: null } as const;

/**
 * Asks for the evaluation of a checkpoint while its run goes on, in the transaction that stores its
 * predictions; the caller rings `evaluations` after the commit.
 */
export async function addCheckpointEvaluation(
  queue: Pick<Queue, 'send'>,
  tx: Tx,
  checkpoint: Checkpoint,
): Promise<void> {
  const { name: judge, version: judgeVersion } = findJudge(DEFAULT_JUDGE);
  const id = randomUUIDv7();
  await tx.evaluation.create({ data: { id, ...checkpoint, ...TARGET, judge, judgeVersion } });
  await queue.send(tx, EvaluateRun, { evaluationId: id }, id);
}

/** All outputs are read, whatever an evaluation of them has judged already. */
const NO_EVALUATION = '00000000-0000-0000-0000-000000000000';

/** The share of right answers (0–1) that the evaluation of a checkpoint will have. */
export async function checkpointAccuracy(
  sql: Pool,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<number> {
  const judge = findJudge(DEFAULT_JUDGE);
  let [correct, all] = [0, 0];
  for await (const output of readOutputs(sql, { ...checkpoint, ...TARGET, id: NO_EVALUATION })) {
    const { item } = await judgeOutput(judge, output, { run: null, signal });
    all += 1;
    if (item.correct) correct += 1;
  }
  return correct / all;
}
