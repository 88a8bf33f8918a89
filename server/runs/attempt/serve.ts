import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../../app.ts';
import type { Lease } from '../lease.ts';
import { takeRun } from '../queue/take.ts';
import { executeAttempt, type RunnerIdentity } from './execute.ts';

/** How long to wait when the database does not answer. */
const AGAIN_MS = 500;

/**
 * Takes runs and executes them, `slots` side by side, until the runner shuts down. It takes one only
 * when it can start it at once, so that it never holds a run another could have. Resolves when all it
 * had have ended.
 */
export async function serveRuns(app: App, runner: RunnerIdentity, slots: number): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let freed = new AbortController();
  const begin = (lease: Lease) => {
    const attempt = executeAttempt(app, runner, lease)
      // It has said why; the lease brings the run back.
      .catch(() => {})
      .finally(() => {
        underWay.delete(attempt);
        freed.abort();
      });
    underWay.add(attempt);
  };
  using bell = app.bell.listen('queue');
  while (!runner.shutdown.aborted) {
    freed = new AbortController();
    const wake = AbortSignal.any([runner.shutdown, freed.signal]);
    const lease = underWay.size < slots ? await take(app, runner) : null;
    if (lease) begin(lease);
    else await bell.heard(wake);
  }
  await Promise.allSettled(underWay);
}

async function take(app: App, runner: RunnerIdentity): Promise<Lease | null> {
  try {
    return await takeRun(app, runner.id, app.config.runner.leaseSeconds);
  } catch (error) {
    app.log.warn({ err: error }, 'no run taken');
    await pause(AGAIN_MS, undefined, { signal: runner.shutdown }).catch(() => {});
    return null;
  }
}
