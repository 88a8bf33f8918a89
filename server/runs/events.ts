import type { Prisma } from '../../prisma/generated/client/client.ts';
import type { RunEventKind } from '../../prisma/generated/client/enums.ts';
import type { Tx } from '../db.ts';

/**
 * Appends an event to a run, in the transaction that makes it true. The run's row is locked for the
 * number, so numbers have no gap and are visible in order. Ring `run:<id>` after the commit.
 */
export async function appendEvent(
  tx: Tx,
  runId: string,
  kind: RunEventKind,
  data: object = {},
  attempt?: number,
): Promise<void> {
  const run = await tx.run.update({
    where: { id: runId },
    data: { lastEventSeq: { increment: 1 }, version: { increment: 1 } },
    select: { lastEventSeq: true, epoch: true },
  });
  await tx.runEvent.create({
    data: {
      runId,
      seq: run.lastEventSeq,
      attempt: attempt ?? run.epoch,
      kind,
      data: data as Prisma.JsonObject,
    },
  });
}

/**
 * The same for what happens once in an attempt: a report whose commit was not heard of is not doubled
 * when it is made again.
 */
export async function appendOnce(
  tx: Tx,
  runId: string,
  kind: RunEventKind,
  data: Prisma.JsonObject,
  attempt: number,
): Promise<void> {
  const same = { runId, attempt, kind, data: { equals: data } };
  if ((await tx.runEvent.count({ where: same })) > 0) return;
  await appendEvent(tx, runId, kind, data, attempt);
}
