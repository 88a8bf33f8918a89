/**
 * The right to execute a run: one row in `run_attempts`, with a number (epoch) that every write of
 * its holder carries and a time (of the database's clock) until which it holds.
 */
import type { CancelMode } from '../../prisma/generated/client/enums.ts';
import type { App } from '../app.ts';
import type { Tx } from '../db.ts';
import { inTransaction } from '../lib/transaction.ts';
import { settleTicket } from './tickets.ts';

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

/** The row of a claim; `id` is null when nothing was claimed. */
type Claimed = {
  /** Whether there was a run to claim; another may have been faster. */
  found: boolean;
  id: string | null;
  epoch: number;
  requiredLabels: string[];
  lastLogSeq: number;
  lastMetricSeq: number;
  elapsed: number;
};

/**
 * Run, attempt and event of a claim in one statement, which costs one round trip. $1 is the runner,
 * $2 the seconds of the lease.
 */
const claimStatement = (head: string) => `
  WITH RECURSIVE ${head},
  claimed AS (
    UPDATE runs SET status = 'RUNNING', epoch = epoch + 1, version = version + 1,
           last_event_seq = last_event_seq + 1,
           started_at = coalesce(started_at, clock_timestamp())
    WHERE id = (SELECT id FROM head) AND status = 'PENDING'
    RETURNING id, epoch, required_labels, last_log_seq, last_metric_seq, last_event_seq, started_at
  ),
  attempt AS (
    INSERT INTO run_attempts (run_id, epoch, runner_id, lease_until, first_log_seq)
    SELECT id, epoch, $1::uuid, clock_timestamp() + make_interval(secs => $2), last_log_seq + 1
    FROM claimed
  ),
  event AS (
    INSERT INTO run_events (run_id, seq, attempt, kind, data)
    SELECT id, last_event_seq, epoch, 'CLAIMED'::run_event_kind,
           jsonb_build_object('runnerId', $1::uuid)
    FROM claimed
  )
  SELECT EXISTS (SELECT FROM head) AS found, id, epoch, required_labels AS "requiredLabels",
         last_log_seq AS "lastLogSeq", last_metric_seq AS "lastMetricSeq",
         extract(epoch FROM clock_timestamp() - started_at)::float8 AS elapsed
  FROM (SELECT) one LEFT JOIN claimed ON true`;

/** What to claim: a list of common table expressions, of which `head` has its `id`. */
export type Head = { name: string; sql: string };

type ClaimNeeds = Pick<App, 'sql' | 'queue' | 'bell'>;

/**
 * Claims what `head` names, and completes its job in the same transaction. `found` says whether there
 * was something that another took meanwhile. `parameters` are those of `head`, from $3 on.
 */
export async function claim(
  app: ClaimNeeds,
  head: Head,
  runnerId: string,
  seconds: number,
  parameters: unknown[] = [],
): Promise<{ lease: Lease | null; found: boolean }> {
  const askedAt = performance.now() / 1000;
  const { found, id, epoch, requiredLabels, ...rest } = await inTransaction(
    app.sql,
    async (client) => {
      const { rows } = await client.query<Claimed>({
        // Named, so that a connection plans it once: to plan it takes longer than to run it.
        name: head.name,
        text: claimStatement(head.sql),
        values: [runnerId, seconds, ...parameters],
      });
      const [row] = rows;
      if (!row) throw new Error('a claim answers with one row');
      if (row.id) {
        const waited = { id: row.id, epoch: row.epoch - 1, requiredLabels: row.requiredLabels };
        await settleTicket(app, client, waited);
      }
      return row;
    },
  );
  if (!id) return { lease: null, found };
  ringRun(app, id);
  return { lease: { runId: id, epoch, seconds, ...rest, askedAt }, found };
}

const GIVEN: Head = { name: 'claim-given', sql: 'head AS (SELECT $3::uuid AS id)' };

/** Takes a given PENDING run, or answers null when it is no longer to be had. */
export async function claimRun(
  app: ClaimNeeds,
  runId: string,
  runnerId: string,
  seconds: number,
): Promise<Lease | null> {
  const { lease } = await claim(app, GIVEN, runnerId, seconds, [runId]);
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
