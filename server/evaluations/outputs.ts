import type { Pool } from 'pg';
import type { Split } from '../../prisma/generated/client/enums.ts';

/** One held-out item and what the model wrote for it; no prediction leaves the last three null. */
export type Output = {
  position: number;
  traceId: string;
  expected: string;
  predictionId: string | null;
  text: string | null;
  error: string | null;
};

const PAGE = 1_000;

/**
 * Every item of a split in dataset order, joined with the run's predictions, page by page. The
 * expected answer is that of the trace: what stands in a predictions file is only a claim.
 */
export async function* readOutputs(
  sql: Pool,
  of: { runId: string; datasetId: string; split: Split },
): AsyncGenerator<Output, void> {
  let after = -1;
  for (;;) {
    const { rows } = await sql.query<Output>(
      `SELECT i.position, i.trace_id AS "traceId", t.payload->>'final_answer' AS expected,
              p.id AS "predictionId", p.text, p.error
       FROM dataset_items i
       JOIN traces t ON t.id = i.trace_id
       LEFT JOIN predictions p
         ON p.run_id = $1 AND p.split = i.split AND p.trace_id = i.trace_id
       WHERE i.dataset_id = $2 AND i.split = $3::split AND i.position > $4
       ORDER BY i.position
       LIMIT ${PAGE}`,
      [of.runId, of.datasetId, of.split, after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
  }
}
