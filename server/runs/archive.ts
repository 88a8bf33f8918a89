import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { appendEvent } from './events.ts';
import { ringRun } from './lease.ts';
import { statusesFor } from './status.ts';

/**
 * Takes a run that has ended out of the lists, or puts it back. Asking again is no error.
 * @throws NotFoundError, or InvalidStateError when it has not ended.
 */
export async function archiveRun(
  app: Pick<App, 'db' | 'bell'>,
  runId: string | null,
  archived: boolean,
): Promise<{ id: string }> {
  const run = runId
    ? await app.db.run.findUnique({ where: { id: runId }, select: { number: true, status: true } })
    : null;
  if (!runId || !run) {
    throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
  }
  // A final status never changes, so what was read still holds.
  if (!statusesFor('archive').includes(run.status)) {
    throw new InvalidStateError(
      `Run ${run.number} is ${run.status.toLowerCase()}, and only what has ended can be archived. ` +
        'Cancel it first, or wait for its end.',
      run.status,
    );
  }
  const changed = await app.db.$transaction(async (tx) => {
    const { count } = await tx.run.updateMany({
      where: {
        id: runId,
        status: { in: statusesFor('archive') },
        archivedAt: archived ? null : { not: null },
      },
      data: { archivedAt: archived ? await databaseTime(tx) : null },
    });
    if (count > 0) await appendEvent(tx, runId, archived ? 'ARCHIVED' : 'UNARCHIVED');
    return count > 0;
  });
  if (changed) ringRun(app, runId);
  return { id: runId };
}
