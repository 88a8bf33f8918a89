import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until the condition gives something, and gives that. A condition that fails, as it does
 * while the database is away, is looked at again.
 * @param what says in words what is waited for, for the error after `seconds`.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { seconds = 30, interval = 20 } = {},
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`after ${seconds} s it is not so: ${what}`, { cause: last });
    }
    await pause(interval);
  }
}
