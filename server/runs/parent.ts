/** What a run takes over from the one it was made from. */
import type { Pool } from 'pg';
import type { Tx } from '../db.ts';
import { readSeries } from './metricsRead.ts';

/** The run another comes from, and how; a RESUME goes on from a checkpoint of it. */
export type Parent =
  | { id: string; number: number; kind: 'RETRY' | 'CLONE' }
  | { id: string; number: number; kind: 'RESUME'; step: number };

/** The columns that say so. A resume stands at its step from the start. */
export const parentColumns = (parent: Parent) => ({
  parentId: parent.id,
  parentKind: parent.kind,
  ...(parent.kind === 'RESUME' && { resumeStep: parent.step, step: parent.step }),
});

/** The same for the first event of the run. */
export const describeParent = (parent: Parent) => ({
  parent: parent.number,
  parentKind: parent.kind,
  ...(parent.kind === 'RESUME' && { resumeStep: parent.step }),
});

/** The most of a series that a resume takes over, so that making one costs no more for a long run. */
const MOST_POINTS = 2_000;

/** Points by name and step. */
type Points = { names: string[]; steps: number[] };

/** The curves of a run up to the step that a resume goes on from; a long one is thinned out. */
export async function curvesUpTo(
  sql: Pool,
  { id, step }: { id: string; step: number },
): Promise<Points> {
  const span = { fromStep: 0, toStep: step, attempt: null };
  const query = { names: null, maxPoints: MOST_POINTS, ...span };
  const points = [...(await readSeries(sql, id, query)).values()].flat();
  return { names: points.map((point) => point.name), steps: points.map((point) => point.step) };
}

/**
 * Gives a resume these points of its parent as attempt 0, so that its curves are whole and what was
 * judged on the way is not judged again.
 */
export async function takeOver(
  tx: Tx,
  parentId: string,
  id: string,
  { names, steps }: Points,
): Promise<void> {
  const count = await tx.$executeRaw`
    INSERT INTO metric_points (run_id, seq, name, step, attempt, value, at)
    SELECT ${id}::uuid, row_number() OVER (ORDER BY step, name), name, step, 0, value, at FROM (
      SELECT DISTINCT ON (name, step) name, step, value, at
      FROM unnest(${names}::text[], ${steps}::int[]) AS wanted (name, step)
        JOIN metric_points point USING (name, step)
      WHERE point.run_id = ${parentId}::uuid ORDER BY name, step, attempt DESC) AS newest`;
  await tx.run.update({ where: { id }, data: { lastMetricSeq: count } });
}
