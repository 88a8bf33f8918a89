import type { App } from '../app.ts';
import { isOutage } from '../lib/outage.ts';

/**
 * A signal that aborts when an evaluation is no longer running, because somebody cancelled it, or
 * with `shutdown`. Dispose it when the work is done.
 */
export function watchEvaluation(
  app: Pick<App, 'db' | 'bell'>,
  id: string,
  shutdown: AbortSignal,
): { signal: AbortSignal; [Symbol.asyncDispose](): Promise<void> } {
  const over = new AbortController();
  const stopped = new AbortController();
  const until = AbortSignal.any([over.signal, stopped.signal, shutdown]);
  const watching = (async () => {
    using ear = app.bell.listen(`cancel:${id}`);
    while (!until.aborted) {
      const select = { status: true };
      const found = await app.db.evaluation.findUnique({ where: { id }, select });
      if (found?.status !== 'RUNNING') stopped.abort();
      await ear.heard(until);
    }
  })().catch((error: unknown) => {
    // The work meets an outage by itself, when it stores what it has.
    if (!isOutage(error)) stopped.abort(error);
  });
  return {
    signal: AbortSignal.any([stopped.signal, shutdown]),
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}
