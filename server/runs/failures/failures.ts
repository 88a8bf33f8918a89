/** How runs failed: recorded with their end, found again among others. */
import type { RunStatus } from '../../../prisma/generated/client/enums.ts';
import type { Tx } from '../../db.ts';
import { classifyFailure, type RunEnd } from './failureRules.ts';
import { stalledSeconds } from './stall.ts';

type Ended = Omit<RunEnd, 'status' | 'losses' | 'stalledSeconds'> & { status: RunStatus };

/**
 * Says on a run what kind of failure ended it, in the transaction that ends it, after its status and
 * error are written. Does nothing for one that did not fail.
 */
export async function recordFailure(tx: Tx, runId: string): Promise<void> {
  const [run] = await tx.$queryRaw<Ended[]>`
    SELECT status, error, log_tail AS "logTail", exit_code AS "exitCode",
      exit_signal AS "exitSignal"
    FROM runs WHERE id = ${runId}::uuid`;
  if (run?.status !== 'FAILED' && run?.status !== 'TIMEOUT') return;
  const losses = await tx.$queryRaw<{ step: number; value: number }[]>`
    SELECT step, value FROM metric_points
    WHERE run_id = ${runId}::uuid AND name = 'train/loss' ORDER BY step DESC, attempt DESC LIMIT 3`;
  const stalled = await stalledSeconds(tx, runId);
  const end = { ...run, status: run.status, losses, stalledSeconds: stalled };
  const { code, detail, signature } = classifyFailure(end);
  await tx.run.update({
    where: { id: runId },
    data: { failureCode: code, failureDetail: detail, failureSignature: signature },
  });
}

/** The other runs that failed as one did. */
export const similarTo = (run: { id: string; failureCode: string; failureSignature: string }) => ({
  failureCode: run.failureCode,
  failureSignature: run.failureSignature,
  id: { not: run.id },
});
