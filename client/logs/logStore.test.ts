import { describe, expect, it } from 'vitest';
import type { IncomingBatch, LogPage } from './logRow.ts';
import { LogStore } from './logStore.ts';

const now = (wake: () => void) => wake();
const at = '2026-01-01T00:00:00.000Z';

const batch = (first: number, last: number, stream: IncomingBatch['stream'] = 'STDOUT') => ({
  firstSeq: String(first),
  lastSeq: String(last),
  attempt: 1,
  stream,
  at,
  text: Array.from({ length: last - first + 1 }, (_, i) => `line ${first + i}\n`).join(''),
});

const gap = (seq: number) => ({
  seq: String(seq),
  attempt: 1,
  at,
  lostBytes: '10',
  lostLines: '2',
});

/** A stored log that counts what is read of it, and answers when it is told to. */
function storedLog(lines: number) {
  const reads: [after: number, maxLines: number][] = [];
  const waiting: (() => void)[] = [];
  const read = async (after: number, maxLines: number): Promise<LogPage> => {
    reads.push([after, maxLines]);
    await new Promise<void>((resolve) => waiting.push(resolve));
    const last = Math.min(lines, after + maxLines);
    return { batches: last > after ? [batch(after + 1, last)] : [], gaps: [] };
  };
  const answer = async () => {
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { reads, read, answer };
}

const EMPTY = { counts: { STDOUT: 0, STDERR: 0, SYSTEM: 0 }, gaps: 0, attempts: [] };

function open(lastSeq: number, lines = lastSeq) {
  const stored = storedLog(lines);
  const retries: (() => void)[] = [];
  const store = new LogStore({
    start: { ...EMPTY, lastSeq },
    read: stored.read,
    schedule: now,
    retry: (again) => void retries.push(again),
  });
  return { ...stored, store, retries };
}

const texts = (store: LogStore, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => {
    const row = store.row(first + i);
    return row?.kind === 'line' ? row.text : row?.kind;
  });

describe('what is written while somebody looks', () => {
  it('is kept once when a reconnect repeats it', () => {
    const { store } = open(0);
    for (const [first, last] of [
      [1, 3],
      [4, 5],
      [1, 3],
      [2, 6],
    ] as const) {
      store.append(batch(first, last));
    }
    expect(store.lastSeq).toBe(6);
    expect(texts(store, 1, 7)).toEqual([
      'line 1',
      'line 2',
      'line 3',
      'line 4',
      'line 5',
      'line 6',
      undefined,
    ]);
    expect(store.counts).toEqual({ STDOUT: 6, STDERR: 0, SYSTEM: 0 });
  });

  it('is read again where the stream skipped it, when it comes into sight', async () => {
    const { store, reads, answer } = open(0, 6);
    store.append(batch(1, 2));
    store.append(batch(5, 6));
    store.want(1, 6);
    expect(reads).toEqual([[2, 2]]);
    await answer();
    expect(texts(store, 1, 6)).toEqual(Array.from({ length: 6 }, (_, i) => `line ${i + 1}`));
  });

  it('fails loudly when text and numbers disagree', () => {
    const { store } = open(0);
    store.append({ ...batch(1, 3), text: 'only one\n' });
    expect(store.phase).toBe('failed');
    expect(store.error).toMatch(/Lines 1–3 came as/);
    expect(store.lastSeq).toBe(0);
  });

  it('has a mark of its own number where something was lost', () => {
    const { store } = open(0);
    store.append(batch(1, 2));
    store.appendGap(gap(3));
    store.append(batch(4, 4));
    expect(texts(store, 1, 4)).toEqual(['line 1', 'line 2', 'gap', 'line 4']);
    expect(store.row(3)).toMatchObject({ lostBytes: 10, lostLines: 2 });
  });

  it('counts down what is left of the history', () => {
    const { store } = open(0);
    store.setPhase('backfill', 5);
    store.append(batch(1, 3));
    expect(store.behindBy).toBe(2);
  });

  it('is complete with the last line, even one that never came', async () => {
    const { store, answer } = open(0, 4);
    store.append(batch(1, 2));
    store.complete(4, 'COMPLETED');
    expect([store.phase, store.lastSeq]).toEqual(['complete', 4]);
    store.want(1, 4);
    await answer();
    expect(texts(store, 3, 4)).toEqual(['line 3', 'line 4']);
  });
});

describe('the unfinished line', () => {
  const bar = (seq: number, text: string) => ({ seq, attempt: 1, stream: 'STDERR' as const, text });

  it('is rewritten in place and goes when its line is finished', () => {
    const { store } = open(2);
    store.setOpen(bar(3, '10 %'));
    store.setOpen(bar(3, '20 %'));
    expect(store.open?.text).toBe('20 %');
    expect(store.lastSeq).toBe(2);
    store.append(batch(3, 3));
    expect(store.open).toBeUndefined();
  });

  it('goes when it is emptied', () => {
    const { store } = open(2);
    store.setOpen(bar(3, '10 %'));
    store.setOpen(bar(3, ''));
    expect(store.open).toBeUndefined();
  });

  it('is ignored when its line has been finished already, and goes with the end of the run', () => {
    const { store } = open(5);
    store.setOpen(bar(5, 'late'));
    expect(store.open).toBeUndefined();
    store.setOpen(bar(6, '99 %'));
    store.complete(5, 'CANCELLED');
    expect(store.open).toBeUndefined();
  });
});

describe('what was written before', () => {
  it('is not read until it is looked at, and then by pages', async () => {
    const { store, reads, answer } = open(1_000_000);
    expect(reads).toEqual([]);
    store.want(999_960, 1_000_000);
    expect(reads).toEqual([[999_500, 500]]);
    await answer();
    store.want(999_950, 1_000_000);
    expect(reads).toHaveLength(1);
    expect(texts(store, 999_999, 1_000_000)).toEqual(['line 999999', 'line 1000000']);
  });

  it('is read around a page border on both sides', () => {
    const { store, reads } = open(10_000);
    store.want(990, 1_010);
    expect(reads).toEqual([
      [500, 500],
      [1_000, 500],
    ]);
  });

  it('is read where somebody stays, not wherever somebody flew by', async () => {
    const { store, reads, answer } = open(1_000_000);
    for (let seq = 1; seq < 500_000; seq += 10_000) store.want(seq, seq + 40);
    store.want(700_001, 700_040);
    expect(reads).toHaveLength(4);
    await answer();
    expect(reads.at(-1)).toEqual([700_000, 500]);
    expect(reads).toHaveLength(5);
  });

  it('is forgotten page by page, those in sight last', async () => {
    const { store, answer } = open(1_000_000);
    for (let page = 0; page < 80; page++) {
      store.want(page * 500 + 1, page * 500 + 500);
      await answer();
      store.want(1, 500);
    }
    expect(store.row(1)).toBeDefined();
    expect(store.row(501)).toBeUndefined();
    expect(store.row(39_999)).toBeDefined();
  });

  it('is asked for again after a failure, which is told meanwhile', async () => {
    let isDown = true;
    const retries: (() => void)[] = [];
    const store = new LogStore({
      start: { ...EMPTY, lastSeq: 10 },
      read: async (after, maxLines) => {
        if (isDown) throw new Error('The server does not answer.');
        return { batches: [batch(after + 1, after + maxLines)], gaps: [] };
      },
      schedule: now,
      retry: (again) => void retries.push(again),
    });
    store.want(1, 10);
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(store.trouble).toBe('The server does not answer.');
    isDown = false;
    for (const again of retries) again();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(store.trouble).toBeUndefined();
    expect(texts(store, 10, 10)).toEqual(['line 10']);
  });

  it('is said to be gone when the server has no such lines', async () => {
    const { store, answer } = open(10, 0);
    store.want(1, 10);
    await answer();
    expect(store.trouble).toBe('Lines 1–10 are not stored');
  });
});

it('wakes its listeners once for many batches of one frame', () => {
  const frames: (() => void)[] = [];
  const store = new LogStore({
    start: { ...EMPTY, lastSeq: 0 },
    read: async () => ({ batches: [], gaps: [] }),
    schedule: (wake) => void frames.push(wake),
  });
  let woken = 0;
  store.subscribe(() => woken++);
  for (const seq of [1, 2, 3]) store.append(batch(seq, seq));
  expect(frames).toHaveLength(1);
  for (const frame of frames) frame();
  expect(woken).toBe(1);
  store.append(batch(4, 4));
  expect(frames).toHaveLength(2);
});
