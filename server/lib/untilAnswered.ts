import { setTimeout as pause } from 'node:timers/promises';
import { isOutage } from './outage.ts';

const RETRY_MS = 500;

/**
 * Repeats a read until the database answers: a viewer sees nothing of an outage but that it is late.
 * Null when `signal` aborts meanwhile; every other error is thrown.
 */
export async function untilAnswered<T>(
  signal: AbortSignal,
  read: () => Promise<T>,
): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await read();
    } catch (error) {
      if (!isOutage(error)) throw error;
      await pause(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
  return null;
}
