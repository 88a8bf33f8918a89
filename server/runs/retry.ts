import { setTimeout as pause } from 'node:timers/promises';
import { isConflict, isOutage } from '../lib/outage.ts';
import type { Log } from '../log.ts';
import { LeaseLostError } from './lease.ts';

/**
 * Repeats a write until the database takes it, so that an outage shorter than the lease loses
 * nothing, nor does a migration under a run. The write must be safe to repeat. Ends with the error when
 * the lease is lost.
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
      const isAway = isOutage(error);
      const mayPass = isAway || isConflict(error);
      if (error instanceof LeaseLostError || signal.aborted || !mayPass) throw error;
      log.warn(
        { err: error },
        `write delayed, ${isAway ? 'the database is away' : 'another came first'}`,
      );
      await pause(wait, undefined, { signal });
    }
  }
}
