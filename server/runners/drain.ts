import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';

/**
 * Asks a runner to finish what it has and take no more runs, or lets it take some again. Asking again
 * is no error. It holds until the runner is started anew.
 * @throws NotFoundError, or InvalidStateError when the runner has stopped.
 */
export async function drainRunner(
  app: Pick<App, 'sql' | 'bell'>,
  runnerId: string | null,
  drain: boolean,
): Promise<{ id: string }> {
  const { rows } = await app.sql.query<{ id: string }>(
    `UPDATE runners
     SET draining_at = CASE WHEN $2 THEN coalesce(draining_at, clock_timestamp()) END
     WHERE id = $1 AND stopped_at IS NULL
     RETURNING id`,
    [runnerId, drain],
  );
  const [runner] = rows;
  if (!runner) {
    const known = await app.sql.query('SELECT FROM runners WHERE id = $1', [runnerId]);
    if (known.rowCount === 0) {
      throw new NotFoundError('Runner', 'There is no such runner. List them with `runners`.');
    }
    throw new InvalidStateError('The runner has stopped; it takes no runs.', 'STOPPED');
  }
  app.bell.ring('queue');
  app.bell.ring('runs');
  return { id: runner.id };
}
