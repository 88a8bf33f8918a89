import type { Pool } from 'pg';
import type { Target } from './target.ts';

/** The fields that cut an evaluation set into parts. */
export type Slices = {
  section: string | null;
  category: string | null;
  difficulty: string | null;
};

/** One held-out item and what the model wrote for it; no prediction leaves the last three null. */
export type Output = {
  position: number;
  traceId: string | null;
  setItemId: string | null;
  prompt: string;
  /** Every answer that is right, the expected one first. */
  accepted: string[];
  /** The steps of the trace; none for an item of an evaluation set. */
  reference: string[];
  predictionId: string | null;
  text: string | null;
  error: string | null;
};

/** Which outputs: the items of a target, and the predictions of one checkpoint of a run on them. */
export type OutputsOf = Target & {
  /** Of the evaluation. */
  id: string;
  runId: string;
  datasetId: string | null;
  step: number;
};

const PAGE = 1_000;

const ofTraces = `
  SELECT i.position, i.trace_id AS "traceId", NULL AS "setItemId",
         t.payload->>'prompt' AS prompt, ARRAY[t.payload->>'final_answer'] AS accepted,
         ARRAY(SELECT step.value->>'content'
               FROM jsonb_array_elements(t.payload->'steps') WITH ORDINALITY step
               ORDER BY step.ordinality) AS reference,
         p.id AS "predictionId", p.text, p.error
  FROM dataset_items i
  JOIN traces t ON t.id = i.trace_id
  LEFT JOIN predictions p
    ON p.run_id = $1 AND p.step = $2 AND p.split = i.split AND p.trace_id = i.trace_id
  WHERE i.dataset_id = $5 AND i.split = $6::split
    -- A checkpoint is asked some of the items only; what it was not asked does not count.
    AND ($2 = 0 OR p.id IS NOT NULL)`;

const ofSet = `
  SELECT i.position, NULL AS "traceId", i.id AS "setItemId",
         i.prompt, i.expected_answer || i.alternatives AS accepted, ARRAY[]::text[] AS reference,
         p.id AS "predictionId", p.text, p.error
  FROM evaluation_set_items i
  LEFT JOIN predictions p ON p.run_id = $1 AND p.step = $2 AND p.set_item_id = i.id
  WHERE i.set_id = $5`;

const page = `
    AND ($2 = 0 OR p.id IS NOT NULL)
    AND i.position > $3
    AND NOT EXISTS (SELECT FROM evaluation_items done
                    WHERE done.evaluation_id = $4 AND done.position = i.position)
  ORDER BY i.position
  LIMIT ${PAGE}`;

/**
 * Every item of the target that the evaluation has not judged yet, in its order, joined with the
 * run's predictions, page by page; of a checkpoint only what it answered. The expected answer is
 * that of the trace or the item: what a predictions file says is only a claim.
 */
export async function* readOutputs(sql: Pool, of: OutputsOf): AsyncGenerator<Output, void> {
  const { runId, step, id, datasetId, split, evaluationSetId } = of;
  let after = -1;
  for (;;) {
    const at = [runId, step, after, id];
    const { rows } = evaluationSetId
      ? await sql.query<Output>(ofSet + page, [...at, evaluationSetId])
      : await sql.query<Output>(ofTraces + page, [...at, datasetId, split]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
  }
}
