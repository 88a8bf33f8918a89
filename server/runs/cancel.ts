import type { CancelMode, RunStatus } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { appendEvent } from './events.ts';
import { ringRun } from './lease.ts';
import { isFinal } from './status.ts';
import { settleTicket } from './tickets.ts';

type Found = { id: string; status: RunStatus; epoch: number; requiredLabels: string[] };

/**
 * Ends a PENDING run in place; asks a RUNNING one to stop, after a checkpoint (SAVE) or at once
 * (NOW). Asking again is no error; NOW overrules SAVE.
 * @throws NotFoundError, or InvalidStateError when the run has ended otherwise.
 */
export async function cancelRun(
  app: Pick<App, 'db' | 'queue' | 'bell'>,
  runId: string | null,
  mode: CancelMode,
): Promise<{ id: string }> {
  const id = await app.db.$transaction(async (tx) => {
    // The lock decides between this and a claim: whoever comes second sees what the first did.
    const [run] = await tx.$queryRaw<Found[]>`
      SELECT id, status, epoch, required_labels AS "requiredLabels" FROM runs
      WHERE id = ${runId}::uuid FOR UPDATE`;
    if (!run) {
      throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
    }
    if (run.status === 'CANCELLED') return run.id;
    if (isFinal(run.status)) {
      throw new InvalidStateError(`The run is ${run.status.toLowerCase()} already.`, run.status);
    }
    if (run.status === 'PENDING') {
      const now = await databaseTime(tx);
      await tx.run.update({
        where: { id: run.id },
        data: {
          status: 'CANCELLED',
          cancelRequestedAt: now,
          cancelMode: mode,
          finishedAt: now,
          error: 'Cancelled before it started.',
        },
      });
      await appendEvent(tx, run.id, 'CANCELLED');
      await settleTicket(app, tx, run);
      return run.id;
    }
    const asked = await tx.run.updateMany({
      where: {
        id: run.id,
        OR: [{ cancelMode: null }, ...(mode === 'NOW' ? [{ cancelMode: 'SAVE' as const }] : [])],
      },
      data: { cancelRequestedAt: await databaseTime(tx), cancelMode: mode },
    });
    if (asked.count > 0) await appendEvent(tx, run.id, 'CANCEL_REQUESTED', { mode });
    return run.id;
  });
  app.bell.ring(`cancel:${id}`);
  ringRun(app, id);
  return { id };
}
