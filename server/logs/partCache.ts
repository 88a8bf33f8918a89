/** Parts of logs that were read from the table and are wanted soon, or by others too. */
import { shared } from '../lib/shared.ts';
import type { LogPart } from './model.ts';

/** Keeps at most `most` bytes; what was asked for longest ago goes first. */
export function openPartCache(most: number) {
  const parts = new Map<string, LogPart>();
  const reading = shared<LogPart | null>();
  let bytes = 0;

  const put = (key: string, part: LogPart) => {
    drop(key);
    parts.set(key, part);
    bytes += part.data.length;
    // The newest always stays.
    while (bytes > most && parts.size > 1) drop(parts.keys().next().value ?? '');
  };
  const drop = (key: string) => {
    bytes -= parts.get(key)?.data.length ?? 0;
    parts.delete(key);
  };

  return {
    /** The part right after a line; `read` gives it and those behind it when it is not here. */
    async get(
      runId: string,
      after: number,
      read: () => Promise<LogPart[]>,
    ): Promise<LogPart | null> {
      const keyOf = (seq: number) => `${runId} ${seq}`;
      const key = keyOf(after);
      const known = parts.get(key);
      if (known) {
        put(key, known);
        return known;
      }
      return reading(key, async () => {
        const page = await read();
        // The first one last: it is wanted now.
        for (const part of page.toReversed()) put(keyOf(part.firstSeq - 1), part);
        return page[0] ?? null;
      });
    },
  };
}
