import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { LeaseLostError } from './lease.ts';

/**
 * Repeats a write until the database takes it, so that an outage shorter than the lease loses
 * nothing. The write must be safe to repeat. Ends with the error when the lease is lost.
 */
export async function untilStored<T>(
  signal: AbortSignal,
  log: Log,
  write: () => Promise<T>,
): Promise<T> {
  for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof LeaseLostError || signal.aborted || !isOutage(error)) throw error;
      log.warn({ err: error }, 'write delayed, the database is away');
      await pause(wait, undefined, { signal });
    }
  }
}

/** Connection faults and the server's own "not now" (classes 08, 53 and 57 of SQLSTATE). */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') {
    if (/^(08|53|57)\w{3}$/.test(code)) return true;
    if (/^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|P1001|P1002|P1008|P1017|P2024)/.test(code)) {
      return true;
    }
  }
  const cause = (error as { cause?: unknown }).cause;
  return /connection terminated|timeout exceeded when trying to connect/i.test(error.message)
    ? true
    : cause !== undefined && cause !== error && isOutage(cause);
}
