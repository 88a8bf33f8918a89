/**
 * The right to execute a run: one row in `run_attempts`, with a number (epoch) that every write of
 * its holder carries and a time (of the database's clock) until which it holds.
 */
import type { CancelMode } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { appendEvent } from './events.ts';

/** Somebody else has the run, or it has ended: whoever sees this stops its child and writes no more. */
export class LeaseLostError extends Error {
  constructor(runId: string, epoch: number) {
    super(`attempt ${epoch} of run ${runId} no longer holds the run`);
    this.name = 'LeaseLostError';
  }
}

export type Lease = {
  runId: string;
  epoch: number;
  /** How long one renewal holds. */
  seconds: number;
  /** Where the earlier attempts stopped counting. */
  lastLogSeq: number;
  lastMetricSeq: number;
  /** Seconds of the run's timeout already used, by the database's clock. */
  elapsed: number;
  /** When it was asked for, by this process's monotonic clock in seconds. */
  askedAt: number;
};

type Claimed = { epoch: number; last_log_seq: number; last_metric_seq: number; elapsed: number };

/** Takes a PENDING run, or answers null when it is no longer to be had. */
export async function claimRun(
  app: Pick<App, 'db' | 'bell'>,
  runId: string,
  runnerId: string,
  seconds: number,
): Promise<Lease | null> {
  const askedAt = performance.now() / 1000;
  const lease = await app.db.$transaction(async (tx) => {
    const claimed = await tx.$queryRaw<Claimed[]>`
      UPDATE runs SET status = 'RUNNING', epoch = epoch + 1,
             started_at = coalesce(started_at, clock_timestamp())
      WHERE id = ${runId}::uuid AND status = 'PENDING'
      RETURNING epoch, last_log_seq::float8, last_metric_seq::float8,
                extract(epoch FROM clock_timestamp() - started_at)::float8 AS elapsed`;
    const [row] = claimed;
    if (!row) return null;
    const { epoch, elapsed } = row;
    await tx.$executeRaw`
      INSERT INTO run_attempts (run_id, epoch, runner_id, lease_until)
      VALUES (${runId}::uuid, ${epoch}, ${runnerId}::uuid,
              clock_timestamp() + make_interval(secs => ${seconds}))`;
    await appendEvent(tx, runId, 'CLAIMED', { runnerId }, epoch);
    const { last_log_seq: lastLogSeq, last_metric_seq: lastMetricSeq } = row;
    return { runId, epoch, seconds, lastLogSeq, lastMetricSeq, elapsed, askedAt };
  });
  if (lease) ringRun(app, runId);
  return lease;
}

/** What a renewal learns: whether, and how, a user wants the run to end. */
export type Renewal = { cancel: CancelMode | null };

/**
 * Holds the run for another while.
 * @throws LeaseLostError when the attempt is no longer the current one.
 */
export async function renewLease(app: Pick<App, 'sql'>, lease: Lease): Promise<Renewal> {
  const { rows } = await app.sql.query<{ cancel: CancelMode | null }>(
    `UPDATE run_attempts attempt
     SET lease_until = clock_timestamp() + make_interval(secs => $3)
     FROM runs run
     WHERE attempt.run_id = $1 AND attempt.epoch = $2 AND attempt.status = 'RUNNING'
       AND run.id = attempt.run_id AND run.epoch = $2 AND run.status = 'RUNNING'
     RETURNING run.cancel_mode AS cancel`,
    [lease.runId, lease.epoch, lease.seconds],
  );
  const [row] = rows;
  if (!row) throw new LeaseLostError(lease.runId, lease.epoch);
  return row;
}

/**
 * Runs `write` in a transaction in which the attempt is certainly the current one: the run's row is
 * locked, so nobody can take the run over before the commit.
 * @throws LeaseLostError when it is not; nothing is written.
 */
export async function fenced<T>(
  app: Pick<App, 'db'>,
  lease: Lease,
  write: (tx: Tx) => Promise<T>,
): Promise<T> {
  return app.db.$transaction(async (tx) => {
    const held = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM runs WHERE id = ${lease.runId}::uuid AND epoch = ${lease.epoch}
        AND status = 'RUNNING' FOR UPDATE`;
    if (held.length === 0) throw new LeaseLostError(lease.runId, lease.epoch);
    return write(tx);
  });
}

/** Says after a commit that a run changed: to its own followers and to lists. */
export function ringRun(app: Pick<App, 'bell'>, runId: string): void {
  app.bell.ring(`run:${runId}`);
  app.bell.ring('runs');
}
