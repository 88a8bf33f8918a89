import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { appendEvent } from './events.ts';
import { ExecuteRun } from './job.ts';
import { ringRun } from './lease.ts';

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
    const ended = await app.db.$transaction((tx) => reap(app, tx, runId, epoch));
    if (!ended) continue;
    reaped += 1;
    app.log.warn({ runId, epoch }, 'attempt lost');
    ringRun(app, runId);
  }
  return reaped;
}

/**
 * Sends the jobs of runs again that have waited for a while: the job may have been lost with the
 * worker that had fetched it. A job that is still there stays the only one.
 */
export async function resendForgottenJobs(
  app: Pick<App, 'db' | 'sql' | 'queue'>,
  afterSeconds = 30,
): Promise<void> {
  const { rows } = await app.sql.query<{ id: string; epoch: number; priority: number }>(
    `SELECT id, epoch, priority FROM runs
     WHERE status = 'PENDING' AND queued_at < clock_timestamp() - make_interval(secs => $1)
     ORDER BY priority DESC, queued_at LIMIT 100`,
    [afterSeconds],
  );
  for (const { id, epoch, priority } of rows) {
    await app.db.$transaction((tx) =>
      app.queue.send(tx, ExecuteRun, { runId: id }, `${id}/${epoch}`, priority),
    );
  }
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

/**
 * Gives a run whose attempt failed through no fault of its own another attempt, or ends it:
 * CANCELLED when that was asked, FAILED when no attempts are left.
 */
export async function requeueOrEnd(
  app: Pick<App, 'queue'>,
  tx: Tx,
  runId: string,
  epoch: number,
  kind: 'ATTEMPT_LOST' | 'ATTEMPT_RELEASED',
  reason: string,
): Promise<void> {
  const counted = kind === 'ATTEMPT_LOST' ? 1 : 0;
  const run = await tx.run.update({
    where: { id: runId },
    data: { failedAttempts: { increment: counted } },
  });
  await appendEvent(tx, runId, kind, { reason }, epoch);
  if (run.cancelRequestedAt) {
    await tx.run.update({
      where: { id: runId },
      data: { status: 'CANCELLED', finishedAt: new Date(), error: `Cancelled. ${reason}` },
    });
    await appendEvent(tx, runId, 'CANCELLED', {}, epoch);
  } else if (run.failedAttempts >= run.maxAttempts) {
    const error = `${reason} No attempts are left (maxAttempts ${run.maxAttempts}).`;
    await tx.run.update({
      where: { id: runId },
      data: { status: 'FAILED', finishedAt: new Date(), error },
    });
    await appendEvent(tx, runId, 'FAILED', { reason: error }, epoch);
  } else {
    await tx.run.update({
      where: { id: runId },
      data: { status: 'PENDING', queuedAt: new Date() },
    });
    await app.queue.send(tx, ExecuteRun, { runId }, `${runId}/${epoch}`, run.priority);
  }
}
