/** What an evaluation judges: a side of the dataset of its run, or an evaluation set. */
import type { Split } from '../../prisma/generated/client/enums.ts';
import type { Tx } from '../db.ts';
import { InvalidStateError } from '../errors.ts';
import { findSet } from '../evaluationSets/read.ts';

/** Exactly one of the two, which the database enforces. */
export type Target = { split: Split | null; evaluationSetId: string | null };

type PredictedRun = {
  id: string;
  number: number;
  status: string;
  evaluationSet: { id: string; key: string } | null;
};

/**
 * What is judged of a run: what is asked for, else its evaluation set, else the TEST side.
 * @throws NotFoundError for an unknown set, InvalidStateError when the run predicted nothing on it.
 */
export async function targetOf(
  tx: Tx,
  run: PredictedRun,
  asked: {
    split?: Split | null | undefined;
    evaluationSetKey?: string | null | undefined;
    /** Of the checkpoint that predicted; 0 for the final model. */
    step: number;
  },
): Promise<Target> {
  const { evaluationSet: own } = run;
  const key = asked.evaluationSetKey ?? (asked.split ? null : own?.key);
  const predicted = await predictedOn(tx, run, asked.step);
  if (key) {
    const set = own?.key === key ? own : await findSet(tx, key);
    if (!predicted.sets.some(({ id }) => id === set.id)) {
      refuse(run, `the evaluation set "${key}"`, predicted);
    }
    return { split: null, evaluationSetId: set.id };
  }
  const split = asked.split ?? 'TEST';
  if (!predicted.splits.includes(split)) refuse(run, split, predicted);
  return { split, evaluationSetId: null };
}

type Predicted = { step: number; splits: Split[]; sets: { id: string; key: string }[] };

async function predictedOn(tx: Tx, run: PredictedRun, step: number): Promise<Predicted> {
  const groups = await tx.prediction.groupBy({ by: ['split'], where: { runId: run.id, step } });
  return {
    step,
    splits: groups.flatMap(({ split }) => split ?? []).sort(),
    // Its own, and those for which predictions were imported.
    sets: await tx.$queryRaw<Predicted['sets']>`
      SELECT DISTINCT s.id, s.key FROM predictions p
      JOIN evaluation_set_items i ON i.id = p.set_item_id
      JOIN evaluation_sets s ON s.id = i.set_id
      WHERE p.run_id = ${run.id}::uuid AND p.step = ${step}
      ORDER BY s.key`,
  };
}

function refuse(run: PredictedRun, on: string, { step, splits, sets }: Predicted): never {
  const others = [...splits, ...sets.map(({ key }) => `evaluation set "${key}"`)];
  const remedy =
    others.length > 0
      ? `Evaluate it on ${others.join(' or ')}.`
      : 'Train again on a dataset that has items on that split, or with an evaluation set.';
  throw new InvalidStateError(
    `Run ${run.number} has no predictions on ${on}${step > 0 ? ` of step ${step}` : ''}. ${remedy}`,
    run.status,
  );
}
