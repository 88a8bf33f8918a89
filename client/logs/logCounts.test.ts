import { expect, it } from 'vitest';
import type { IncomingBatch } from './logRow.ts';
import { LogStore } from './logStore.ts';

const at = '2026-01-01T00:00:00.000Z';

const batch = (first: number, last: number, attempt: number, stream: IncomingBatch['stream']) => ({
  ...{ firstSeq: String(first), lastSeq: String(last), attempt, stream, at },
  text: 'a line\n'.repeat(last - first + 1),
});

const open = () =>
  new LogStore({
    start: {
      lastSeq: 10,
      counts: { STDOUT: 9, STDERR: 0, SYSTEM: 1 },
      gaps: 0,
      attempts: [{ attempt: 1, firstSeq: 1, lastSeq: 10 }],
    },
    read: async () => ({ batches: [], gaps: [] }),
    schedule: (wake) => wake(),
  });

it('counts what comes once, however often a reconnect repeats it', () => {
  const store = open();
  for (let times = 0; times < 2; times++) {
    store.append(batch(9, 12, 1, 'STDOUT'));
    store.append(batch(13, 13, 1, 'STDERR'));
    store.appendGap({ seq: '14', attempt: 1, at, lostBytes: '10', lostLines: '2' });
  }
  expect(store.counts).toEqual({ STDOUT: 11, STDERR: 1, SYSTEM: 1 });
  expect(store.gaps).toBe(1);
});

it('knows an attempt that begins while somebody looks, from its first line on', () => {
  const store = open();
  store.append(batch(11, 12, 1, 'STDERR'));
  store.append(batch(13, 13, 2, 'SYSTEM'));
  store.append(batch(14, 15, 2, 'STDOUT'));
  expect(store.attempts).toEqual([
    { attempt: 1, firstSeq: 1, lastSeq: 12 },
    { attempt: 2, firstSeq: 13, lastSeq: 15 },
  ]);
});
