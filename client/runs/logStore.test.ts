import { describe, expect, it } from 'vitest';
import { type IncomingBatch, LogStore, LogView, splitLines } from './logStore.ts';

const now = (wake: () => void) => wake();
const all = new Set(['STDOUT', 'STDERR', 'SYSTEM'] as const);

const batch = (first: number, last: number, stream: IncomingBatch['stream'] = 'STDOUT') => ({
  firstSeq: String(first),
  lastSeq: String(last),
  attempt: 1,
  stream,
  at: '2026-01-01T00:00:00.000Z',
  text: Array.from({ length: last - first + 1 }, (_, i) => `line ${first + i}\n`).join(''),
});

const texts = (store: LogStore) => {
  const view = new LogView(store.batches, all);
  return Array.from({ length: view.count }, (_, row) => view.line(row)?.text);
};

describe('LogStore', () => {
  it('keeps each line once when a reconnect replays the whole log', () => {
    const store = new LogStore(now);
    store.append(batch(1, 3));
    store.append(batch(4, 5));
    store.append(batch(1, 3));
    store.append(batch(4, 5));
    expect(texts(store)).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    expect(store.duplicates).toBe(5);
    expect(store.holes).toEqual([]);
  });

  it('takes only the new part of an overlapping batch', () => {
    const store = new LogStore(now);
    store.append(batch(1, 3));
    store.append(batch(2, 6));
    expect(texts(store)).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'line 6']);
    expect(new LogView(store.batches, all).line(4)?.seq).toBe(5);
    expect(store.duplicates).toBe(2);
  });

  it('records a hole instead of pretending the lines follow each other', () => {
    const store = new LogStore(now);
    store.append(batch(1, 2));
    store.append(batch(5, 6));
    expect(store.holes).toEqual([{ from: 3, to: 4 }]);
  });

  it('refuses a batch whose text and numbers disagree', () => {
    const store = new LogStore(now);
    store.append({ ...batch(1, 3), text: 'only one\n' });
    expect(store.phase).toBe('failed');
    expect(store.lineCount).toBe(0);
  });

  it('is complete only up to what arrived', () => {
    const store = new LogStore(now);
    store.append(batch(1, 2));
    store.complete(4, 'COMPLETED');
    expect(store.phase).toBe('complete');
    expect(store.holes).toEqual([{ from: 3, to: 4 }]);
  });

  it('wakes its listeners once for many batches of one frame', () => {
    const frames: (() => void)[] = [];
    const store = new LogStore((wake) => frames.push(wake));
    let woken = 0;
    store.subscribe(() => woken++);
    store.append(batch(1, 1));
    store.append(batch(2, 2));
    store.append(batch(3, 3));
    expect(frames).toHaveLength(1);
    for (const frame of frames) frame();
    expect(woken).toBe(1);
    store.append(batch(4, 4));
    expect(frames).toHaveLength(2);
  });

  it('counts down what is left of the history', () => {
    const store = new LogStore(now);
    store.setPhase('backfill', 5);
    store.append(batch(1, 3));
    expect(store.behindBy).toBe(2);
  });
});

describe('LogView', () => {
  const store = new LogStore(now);
  store.append(batch(1, 2));
  store.append(batch(3, 3, 'STDERR'));
  store.append(batch(4, 9));
  store.append(batch(10, 10, 'STDERR'));

  it('finds any row across batches', () => {
    const view = new LogView(store.batches, all);
    expect(Array.from({ length: 10 }, (_, row) => view.line(row)?.seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(view.line(10)).toBeUndefined();
  });

  it('shows one stream with its own sequence numbers', () => {
    const view = new LogView(store.batches, new Set(['STDERR'] as const));
    expect(view.count).toBe(2);
    expect([view.line(0)?.seq, view.line(1)?.seq]).toEqual([3, 10]);
  });

  it('searches in rows of the filtered view', () => {
    expect(new LogView(store.batches, all).find('LINE 1')).toEqual([0, 9]);
    expect(new LogView(store.batches, new Set(['STDERR'] as const)).find('line 10')).toEqual([1]);
    expect(new LogView(store.batches, all).find('')).toEqual([]);
  });
});

describe('splitLines', () => {
  it('keeps empty lines and a last line that was cut', () => {
    expect(splitLines('a\n\nb\n', 3)).toEqual(['a', '', 'b']);
    expect(splitLines('a\nb', 2)).toEqual(['a', 'b']);
    expect(splitLines('\n', 1)).toEqual(['']);
    expect(splitLines('', 1)).toEqual(['']);
  });
});
