import { z } from 'zod';
import type { RunStatus } from '../../../prisma/generated/client/enums.ts';
import type { App } from '../../app.ts';
import { InvalidStateError, NotFoundError } from '../../errors.ts';
import { parse } from '../../lib/parse.ts';
import { appendEvent } from '../events.ts';
import { ringRun } from '../lease.ts';
import { Priority } from '../model.ts';
import { runCan } from '../status.ts';
import { moveTicket } from '../tickets.ts';

const Input = z.strictObject({ priority: Priority });

type Found = {
  id: string;
  status: RunStatus;
  epoch: number;
  priority: number;
  requiredLabels: string[];
};

/**
 * Moves a run that waits: its row, its job, and an event that says so. The priority it has already
 * changes nothing.
 * @throws ValidationError, NotFoundError, or InvalidStateError when it does not wait.
 */
export async function setRunPriority(
  app: Pick<App, 'db' | 'queue' | 'bell'>,
  runId: string | null,
  input: number,
): Promise<{ id: string }> {
  const { priority } = parse(Input, { priority: input });
  const id = await app.db.$transaction(async (tx) => {
    // A claim locks the row too: either the runner sees the new priority, or this sees it running.
    const [run] = await tx.$queryRaw<Found[]>`
      SELECT id, status, epoch, priority, required_labels AS "requiredLabels" FROM runs
      WHERE id = ${runId}::uuid FOR UPDATE`;
    if (!run) throw new NotFoundError('Run', 'There is no such run. List them with `runs`.');
    if (!runCan('setPriority', run.status)) {
      throw new InvalidStateError(
        `The run is ${run.status.toLowerCase()}; only one that waits has a place in the queue.`,
        run.status,
      );
    }
    if (run.priority === priority) return run.id;
    await tx.run.update({ where: { id: run.id }, data: { priority } });
    await appendEvent(tx, run.id, 'PRIORITY_CHANGED', { from: run.priority, to: priority });
    await moveTicket(app, tx, { ...run, priority });
    return run.id;
  });
  ringRun(app, id);
  return { id };
}
