import { setTimeout as pause } from 'node:timers/promises';
import { StoreAwayError } from '../../artifacts/faults.ts';

const LONGEST_MS = 10_000;

/**
 * Repeats work while the artifact store is away, until `end` aborts; then once more.
 * @param onAway hears of the first failure.
 * @throws StoreAwayError of the last attempt.
 */
export async function whileStoreIsAway<T>(
  end: AbortSignal,
  onAway: (error: StoreAwayError) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  for (let wait = 200; ; wait = Math.min(wait * 2, LONGEST_MS)) {
    const isLast = end.aborted;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreAwayError) || isLast) throw error;
      if (wait === 200) await onAway(error);
      await pause(wait, undefined, { signal: end }).catch(() => {});
    }
  }
}
