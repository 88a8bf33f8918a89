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
  /** Every answer that is right, the expected one first. */
  accepted: string[];
  /** Of an item of an evaluation set. */
  slices: Slices | null;
  predictionId: string | null;
  text: string | null;
  error: string | null;
};

const PAGE = 1_000;

const ofTraces = `
  SELECT i.position, i.trace_id AS "traceId", NULL AS "setItemId",
         ARRAY[t.payload->>'final_answer'] AS accepted, NULL AS slices,
         p.id AS "predictionId", p.text, p.error
  FROM dataset_items i
  JOIN traces t ON t.id = i.trace_id
  LEFT JOIN predictions p ON p.run_id = $1 AND p.split = i.split AND p.trace_id = i.trace_id
  WHERE i.dataset_id = $2 AND i.split = $3::split AND i.position > $4
  ORDER BY i.position
  LIMIT ${PAGE}`;

const ofSet = `
  SELECT i.position, NULL AS "traceId", i.id AS "setItemId",
         i.expected_answer || i.alternatives AS accepted,
         jsonb_build_object('section', i.section, 'category', i.category,
                            'difficulty', i.difficulty) AS slices,
         p.id AS "predictionId", p.text, p.error
  FROM evaluation_set_items i
  LEFT JOIN predictions p ON p.run_id = $1 AND p.set_item_id = i.id
  WHERE i.set_id = $2 AND i.position > $3
  ORDER BY i.position
  LIMIT ${PAGE}`;

/**
 * Every item of the target in its order, joined with the run's predictions, page by page. The
 * expected answer is that of the trace or the item: what a predictions file says is only a claim.
 */
export async function* readOutputs(
  sql: Pool,
  of: Target & { runId: string; datasetId: string },
): AsyncGenerator<Output, void> {
  let after = -1;
  for (;;) {
    const { rows } = of.evaluationSetId
      ? await sql.query<Output>(ofSet, [of.runId, of.evaluationSetId, after])
      : await sql.query<Output>(ofTraces, [of.runId, of.datasetId, of.split, after]);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
  }
}
