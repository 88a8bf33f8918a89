import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { Tx } from '../db.ts';
import { appendEvent } from '../runs/events.ts';
import type { Judge } from './judges/judge.ts';
import { judgeRef } from './judges/registry.ts';
import type { Output } from './outputs.ts';

/** What was said of one held-out item. */
export type Item = {
  position: number;
  trace_id: string;
  prediction_id: string | null;
  correct: boolean;
  score: number;
  expected: string;
  extracted: string | null;
  rule: string;
};

/** Items of one statement: some megabytes at most. */
const BATCH = 2_000;

/** Judges one item. What was not predicted or not generated is wrong. */
export function judgeOutput(judge: Judge, output: Output): Item {
  const { text, error } = output;
  const wrong = { correct: false, score: 0, extracted: null };
  const said = () => {
    if (text === null) return { ...wrong, rule: 'NO_PREDICTION' };
    if (error !== null) return { ...wrong, rule: 'NOT_GENERATED' };
    return judge.judge(text, output.expected);
  };
  return {
    position: output.position,
    trace_id: output.traceId,
    prediction_id: output.predictionId,
    expected: output.expected,
    ...said(),
  };
}

/** Writes items, metrics, status and the run's event, unless the evaluation is no longer running. */
export async function complete(
  tx: Tx,
  evaluation: { id: string; runId: string; split: string; judge: string; judgeVersion: number },
  items: Item[],
) {
  const { id, runId, split, judge, judgeVersion } = evaluation;
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
  const said = { evaluationId: id, split, judge: judgeRef({ name: judge, version: judgeVersion }) };
  await appendEvent(tx, runId, 'EVALUATED', { ...said, score: metrics.score });
}

/** One statement for many rows; JSON carries the nulls that typed arrays would make awkward. */
const insertItems = (tx: Tx, evaluationId: string, items: Item[]) =>
  tx.$executeRaw`
    INSERT INTO evaluation_items
      (evaluation_id, position, trace_id, prediction_id, correct, score, expected, extracted, rule)
    SELECT ${evaluationId}::uuid, position, trace_id, prediction_id, correct, score, expected,
           extracted, rule
    FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS item (
      position int, trace_id uuid, prediction_id uuid, correct boolean, score float8,
      expected text, extracted text, rule text)`;

/** Means over every item of the split; `score` is in percent, the other two shares are 0–1. */
function measure(items: Item[]) {
  const correct = items.filter((item) => item.correct).length;
  const sum = items.reduce((total, item) => total + item.score, 0);
  return {
    score: (100 * sum) / items.length,
    primary_score: sum / items.length,
    accuracy: correct / items.length,
    correct,
    items: items.length,
    answered: items.filter((item) => item.extracted !== null).length,
  } satisfies Prisma.InputJsonObject;
}
