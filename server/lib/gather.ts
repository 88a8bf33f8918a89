/**
 * Gathers single calls into batches without a timer: what comes while a batch is being worked on is the
 * next batch. A lone call waits for nobody; a hundred at once share one statement and one commit.
 */
import { isOutage } from './outage.ts';

type Waiting<T, R> = { item: T; resolve(result: R): void; reject(error: unknown): void };

/**
 * A function that hands its calls to `work` in batches of at most `most`. When a batch fails, each of
 * its items is worked on alone, so that every caller gets its own result or its own error; not when the
 * database is away, which they share.
 */
export function gather<T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  most: number,
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let isWorking = false;

  const settle = async (batch: Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R);
    } catch (error) {
      if (batch.length > 1 && !isOutage(error)) for (const one of batch) await settle([one]);
      else for (const { reject } of batch) reject(error);
    }
  };

  const run = async () => {
    isWorking = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await settle(batch);
    }
    isWorking = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Whoever calls in the same turn of the loop comes along.
      if (!isWorking) {
        isWorking = true;
        setImmediate(() => void run());
      }
    });
}
