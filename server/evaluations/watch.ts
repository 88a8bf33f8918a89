import type { App } from '../app.ts';

/**
 * A signal that aborts when an evaluation is no longer running, because somebody cancelled it, or
 * with `stop`. Dispose it when the work is done.
 */
export function watchEvaluation(
  app: Pick<App, 'db' | 'bell'>,
  id: string,
  stop: AbortSignal,
): { signal: AbortSignal; [Symbol.asyncDispose](): Promise<void> } {
  const over = new AbortController();
  const stopped = new AbortController();
  const until = AbortSignal.any([over.signal, stopped.signal, stop]);
  const isStopped = () =>
    app.db.evaluation.findUnique({ where: { id }, select: { status: true } }).then(
      (found) => found?.status !== 'RUNNING',
      // The database is away, which the work meets by itself.
      () => false,
    );
  const watching = (async () => {
    using ear = app.bell.listen(`cancel:${id}`);
    while (!until.aborted) {
      if (await isStopped()) stopped.abort();
      await ear.heard(until);
    }
  })();
  return {
    signal: AbortSignal.any([stopped.signal, stop]),
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}
