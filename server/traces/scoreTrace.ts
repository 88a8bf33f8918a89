import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import type { TracePayload } from './model.ts';
import { traceNotFound } from './remove.ts';
import { baselineScore } from './score.ts';

/** How a trace can be scored. */
const CRITERIA = { BASELINE: baselineScore } as const;

export type Criteria = keyof typeof CRITERIA;

// A trace that is deleted meanwhile gets no score.
const INSERT = `
  INSERT INTO scores (id, trace_id, criteria, score, details)
  SELECT $2, id, $3, $4, $5 FROM traces WHERE id = $1 FOR KEY SHARE`;

/**
 * Scores a trace and stores the score beside the earlier ones.
 * @returns the id of the score.
 * @throws NotFoundError
 */
export async function scoreTrace(
  app: Pick<App, 'sql'>,
  { id, criteria }: { id: string; criteria: Criteria },
): Promise<string> {
  const { rows } = await app.sql.query<{ steps: TracePayload['steps'] }>(
    `SELECT payload -> 'steps' AS steps FROM traces WHERE id = $1`,
    [id],
  );
  if (!rows[0]) throw traceNotFound();
  const { score, ...details } = CRITERIA[criteria](rows[0].steps);
  const scoreId = randomUUIDv7();
  const { rowCount } = await app.sql.query(INSERT, [id, scoreId, criteria, score, details]);
  if (rowCount === 0) throw traceNotFound();
  return scoreId;
}
