/**
 * Makes an async generator that sleeps on an `await` end when its consumer leaves: `return()` alone
 * waits for the sleeper, so it first aborts the signal that the sleeper watches.
 */
export function cancellable<T>(
  source: (signal: AbortSignal) => AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  const stop = new AbortController();
  const inner = source(stop.signal);
  const outer: AsyncGenerator<T, void> = {
    next: () => inner.next(),
    return: (value) => {
      stop.abort();
      return inner.return(value as undefined);
    },
    throw: (error) => {
      stop.abort();
      return inner.throw(error);
    },
    [Symbol.asyncIterator]: () => outer,
    [Symbol.asyncDispose]: async () => {
      await outer.return();
    },
  };
  return outer;
}
