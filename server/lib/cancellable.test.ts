import { describe, expect, test } from 'vitest';
import { cancellable } from './cancellable.ts';

/** A generator that gives one value and then sleeps until its signal wakes it. */
function sleeper() {
  const seen: string[] = [];
  const stream = cancellable<number>(async function* (signal) {
    try {
      yield 1;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      seen.push('woken');
    } finally {
      seen.push('closed');
    }
  });
  return { stream, seen };
}

describe('cancellable', () => {
  test('gives what its source gives, to the end', async () => {
    const stream = cancellable<number>(async function* () {
      yield 1;
      yield 2;
    });
    const values: number[] = [];
    for await (const value of stream) values.push(value);
    expect(values).toEqual([1, 2]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test('ends a source that sleeps when its reader returns', async () => {
    const { stream, seen } = sleeper();
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    const waiting = stream.next();
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(seen).toEqual(['woken', 'closed']);
  });

  test('ends a source that sleeps when its reader throws', async () => {
    const { stream, seen } = sleeper();
    await stream.next();
    const waiting = stream.next();
    await expect(stream.throw(new Error('reader'))).rejects.toThrow('reader');
    await waiting;
    expect(seen).toEqual(['woken', 'closed']);
  });

  test('ends its source when its reader leaves the loop', async () => {
    const { stream, seen } = sleeper();
    for await (const _value of stream) break;
    expect(seen).toEqual(['closed']);
  });

  test('ends its source when it is disposed', async () => {
    const { stream, seen } = sleeper();
    {
      await using held = stream;
      await held.next();
    }
    expect(seen).toEqual(['closed']);
  });

  test('never begins a source whose reader leaves at once', async () => {
    const { stream, seen } = sleeper();
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(seen).toEqual([]);
  });

  test('passes on what its source throws', async () => {
    const stream = cancellable<number>(async function* () {
      yield 1;
      throw new Error('source');
    });
    await stream.next();
    await expect(stream.next()).rejects.toThrow('source');
  });
});
