import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { databaseTime } from '../lib/databaseTime.ts';
import { isOutage } from '../lib/outage.ts';
import { appendEvent } from './events.ts';
import { recordFailure } from './failures/failures.ts';
import { ringRun } from './lease.ts';
import { addTicket } from './tickets.ts';

type Lapsed = { run_id: string; epoch: number };

/**
 * Ends attempts whose lease has lapsed: their runner is dead, cut off or stopped. The run goes back
 * to the queue, or ends when it was cancelled or has no attempts left. Any process may call this at
 * any time. Returns how many it ended.
 */
export async function reapLapsedAttempts(
  app: Pick<App, 'db' | 'sql' | 'queue' | 'bell' | 'log' | 'config'>,
): Promise<number> {
  // After a restart of the database nobody could renew; everyone gets one lease of time for it.
  const { rows } = await app.sql.query<Lapsed>(
    `SELECT run_id, epoch FROM run_attempts
     WHERE status = 'RUNNING' AND lease_until < clock_timestamp()
       AND pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => $1)`,
    [app.config.runner.leaseSeconds],
  );
  let reaped = 0;
  for (const { run_id: runId, epoch } of rows) {
    try {
      if (!(await app.db.$transaction((tx) => reap(app, tx, runId, epoch)))) continue;
    } catch (error) {
      if (isOutage(error)) throw error;
      // One that cannot be ended must not hold up those after it.
      app.log.error({ err: error, runId, epoch }, 'attempt could not be reaped');
      continue;
    }
    reaped += 1;
    app.log.warn({ runId, epoch }, 'attempt lost');
    app.bell.ring('queue');
    ringRun(app, runId);
  }
  return reaped;
}

async function reap(app: Pick<App, 'queue'>, tx: Tx, runId: string, epoch: number) {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM runs WHERE id = ${runId}::uuid AND epoch = ${epoch} AND status = 'RUNNING'
    FOR UPDATE`;
  if (held.length === 0) return false;
  // Renewed since the look: it lives.
  const ended = await tx.$executeRaw`
    UPDATE run_attempts SET status = 'LOST', ended_at = clock_timestamp(),
           reason = 'The runner was not heard of any more.'
    WHERE run_id = ${runId}::uuid AND epoch = ${epoch} AND status = 'RUNNING'
      AND lease_until < clock_timestamp()`;
  if (ended === 0) return false;
  await requeueOrEnd(app, tx, runId, epoch, 'ATTEMPT_LOST', 'The runner was lost.');
  return true;
}

/** Why a run whose attempt ended is to have another. */
type RequeueReason = 'ATTEMPT_LOST' | 'ATTEMPT_RELEASED' | 'ATTEMPT_FAILED';

/**
 * Gives a run whose attempt ended early another attempt, at once, or ends it: CANCELLED when that was
 * asked, FAILED when no attempts are left. An attempt that was released does not count. Ring `queue`
 * after the commit.
 */
export async function requeueOrEnd(
  app: Pick<App, 'queue'>,
  tx: Tx,
  runId: string,
  epoch: number,
  kind: RequeueReason,
  reason: string,
): Promise<void> {
  const counted = kind === 'ATTEMPT_RELEASED' ? 0 : 1;
  const run = await tx.run.update({
    where: { id: runId },
    data: { failedAttempts: { increment: counted } },
  });
  await appendEvent(tx, runId, kind, { reason }, epoch);
  if (run.cancelRequestedAt) {
    await tx.run.update({
      where: { id: runId },
      data: {
        status: 'CANCELLED',
        finishedAt: await databaseTime(tx),
        error: `Cancelled. ${reason}`,
      },
    });
    await appendEvent(tx, runId, 'CANCELLED', {}, epoch);
  } else if (run.failedAttempts >= run.maxAttempts) {
    const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
    const error = `${sentence} No attempts are left (maxAttempts ${run.maxAttempts}).`;
    await tx.run.update({
      where: { id: runId },
      data: { status: 'FAILED', finishedAt: await databaseTime(tx), error },
    });
    await recordFailure(tx, runId);
    await appendEvent(tx, runId, 'FAILED', { reason: error }, epoch);
  } else {
    await tx.$executeRaw`
      UPDATE runs SET status = 'PENDING', queued_at = clock_timestamp() WHERE id = ${runId}::uuid`;
    await addTicket(app, tx, run);
  }
}
