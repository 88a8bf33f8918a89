import type { Tx } from '../db.ts';
import { appendEvent } from '../runs/events.ts';
import type { Judge } from './judges/judge.ts';
import { judgeRef } from './judges/registry.ts';
import { measure } from './measure.ts';
import type { Output, Slices } from './outputs.ts';
import type { Target } from './target.ts';

/** What was said of one held-out item. */
export type Item = {
  position: number;
  trace_id: string | null;
  set_item_id: string | null;
  prediction_id: string | null;
  correct: boolean;
  score: number;
  /** The accepted answer that fits best; the first when none does. */
  expected: string;
  extracted: string | null;
  rule: string;
  slices: Slices | null;
};

/** Items of one statement: some megabytes at most. */
const BATCH = 2_000;

/** Judges one item. What was not predicted or not generated is wrong. */
export function judgeOutput(judge: Judge, output: Output): Item {
  const { text, error, accepted } = output;
  const expected = accepted[0] ?? '';
  const wrong = { correct: false, score: 0, extracted: null, expected };
  const said = () => {
    if (text === null) return { ...wrong, rule: 'NO_PREDICTION' };
    if (error !== null) return { ...wrong, rule: 'NOT_GENERATED' };
    return judgeAccepted(judge, text, accepted);
  };
  return {
    position: output.position,
    trace_id: output.traceId,
    set_item_id: output.setItemId,
    prediction_id: output.predictionId,
    slices: output.slices,
    ...said(),
  };
}

/** The best of what is said against each accepted answer, and which answer that was. */
function judgeAccepted(judge: Judge, text: string, accepted: string[]) {
  return accepted
    .map((expected) => ({ ...judge.judge(text, expected), expected }))
    .reduce((best, next) => (next.score > best.score ? next : best));
}

/** Writes items, metrics, status and the run's event, unless the evaluation is no longer running. */
export async function complete(
  tx: Tx,
  evaluation: Target & { id: string; runId: string; judge: string; judgeVersion: number },
  items: Item[],
) {
  const { id, runId, split, evaluationSetId, judge, judgeVersion } = evaluation;
  const metrics = measure(items);
  const finished = await tx.evaluation.updateMany({
    where: { id, status: 'RUNNING' },
    data: {
      status: 'COMPLETED',
      score: metrics.score,
      itemCount: items.length,
      correctCount: metrics.correct,
      metrics,
      finishedAt: new Date(),
    },
  });
  if (finished.count === 0) return;
  for (let start = 0; start < items.length; start += BATCH) {
    await insertItems(tx, id, items.slice(start, start + BATCH));
  }
  const set = evaluationSetId
    ? await tx.evaluationSet.findUnique({ where: { id: evaluationSetId }, select: { key: true } })
    : null;
  const said = {
    evaluationId: id,
    ...(set ? { evaluationSetKey: set.key } : { split }),
    judge: judgeRef({ name: judge, version: judgeVersion }),
  };
  await appendEvent(tx, runId, 'EVALUATED', { ...said, score: metrics.score });
}

/** One statement for many rows; JSON carries the nulls that typed arrays would make awkward. */
const insertItems = (tx: Tx, evaluationId: string, items: Item[]) =>
  tx.$executeRaw`
    INSERT INTO evaluation_items
      (evaluation_id, position, trace_id, set_item_id, prediction_id, correct, score, expected,
       extracted, rule)
    SELECT ${evaluationId}::uuid, position, trace_id, set_item_id, prediction_id, correct, score,
           expected, extracted, rule
    FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS item (
      position int, trace_id uuid, set_item_id uuid, prediction_id uuid, correct boolean,
      score float8, expected text, extracted text, rule text)`;
