import type { App } from '../app.ts';
import { InUseError, NotFoundError } from '../errors.ts';

/** How many users of a trace are named. */
const NAMED = 20;
/** Refused because of a reference: how PostgreSQL says so before 18, and since. */
const REFERENCED = ['23503', '23001'];

const USERS = `
  SELECT
    ARRAY(SELECT d.key FROM dataset_items i JOIN datasets d ON d.id = i.dataset_id
      WHERE i.trace_id = $1 ORDER BY d.created_at DESC LIMIT ${NAMED}) AS datasets,
    ARRAY(SELECT DISTINCT r.number FROM runs r WHERE r.id IN (
      SELECT run_id FROM predictions WHERE trace_id = $1
      UNION SELECT e.run_id FROM evaluation_items i JOIN evaluations e ON e.id = i.evaluation_id
        WHERE i.trace_id = $1) ORDER BY r.number DESC LIMIT ${NAMED}) AS runs`;

const IS_USED = `
  SELECT EXISTS (SELECT FROM dataset_items WHERE trace_id = $1)
    OR EXISTS (SELECT FROM predictions WHERE trace_id = $1)
    OR EXISTS (SELECT FROM evaluation_items WHERE trace_id = $1) AS used`;

/**
 * Deletes a trace with its scores and its place in the search, for good. A trace that a dataset or
 * the results of a run refer to stays.
 * @throws NotFoundError, InUseError
 */
export async function deleteTrace(app: Pick<App, 'sql'>, id: string): Promise<void> {
  try {
    const { rowCount } = await app.sql.query('DELETE FROM traces WHERE id = $1', [id]);
    if (rowCount === 0) throw traceNotFound();
  } catch (error) {
    if (!REFERENCED.includes((error as { code?: string }).code ?? '')) throw error;
    const { rows } = await app.sql.query<{ datasets: string[]; runs: number[] }>(USERS, [id]);
    const { datasets = [], runs = [] } = rows[0] ?? {};
    // It was in use a moment ago and is not any more: the error is what there is to say.
    if (datasets.length + runs.length === 0) throw error;
    throw new InUseError('Trace', sentence(datasets, runs), { datasets, runs });
  }
}

/** Whether a dataset or the results of a run refer to a trace. */
export async function isTraceInUse(app: Pick<App, 'sql'>, id: string): Promise<boolean> {
  const { rows } = await app.sql.query<{ used: boolean }>(IS_USED, [id]);
  return rows[0]?.used ?? false;
}

/** No trace has this id. */
export const traceNotFound = () =>
  new NotFoundError('Trace', 'There is no such trace. Copy the `id` of one from the list.');

function sentence(datasets: string[], runs: number[]): string {
  const users = [
    ...(datasets.length > 0 ? [`by ${listOf('dataset', datasets)}`] : []),
    ...(runs.length > 0 ? [`in the results of ${listOf('run', runs)}`] : []),
  ];
  return `The trace is used ${users.join(' and ')}, so it stays: what was built from it must remain what it was.`;
}

const listOf = (what: string, names: (string | number)[]) =>
  `${what}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
