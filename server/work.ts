/**
 * What a runner process does: registers, works the queues, reaps lapsed attempts, and lets go in
 * order. Separate from the process so that tests can hold one in theirs.
 */
import type { App } from './app.ts';
import { sweepArtifacts } from './artifacts/sweep.ts';
import { checkDataset } from './datasets/checks/check.ts';
import { CheckDataset } from './datasets/checks/job.ts';
import { evaluate } from './evaluations/evaluate.ts';
import { EvaluateByEndpoint, EvaluateRun } from './evaluations/job.ts';
import { sweepEnvironments, sweepScratch } from './lib/scratch.ts';
import { deleteOldLogs } from './logs/retention.ts';
import { renderPreview } from './renderPreviews/execute.ts';
import { RenderPreview } from './renderPreviews/job.ts';
import {
  beatHeart,
  describeRuntime,
  leave,
  registerRunner,
  tellRuntime,
} from './runners/register.ts';
import { killLeftovers } from './runs/attempt/leftovers.ts';
import { serveRuns } from './runs/attempt/serve.ts';
import { reapLapsedAttempts } from './runs/reap.ts';
import { deleteOldEvents } from './runs/retention.ts';

const HEARTBEAT_MS = 5_000;
const DESCRIBE_MS = 15_000;
const REAP_MS = 2_000;
const LEFTOVERS_MS = 10_000;
const SWEEP_MS = 60 * 60_000;

export type Work = {
  readonly runnerId: string;
  /**
   * Takes no more jobs, asks the run under way to stop with a checkpoint, waits for its end: as long as
   * STOP_GRACE_SECONDS, or `patienceMs`; what has not ended then is killed and given up.
   */
  stop(patienceMs?: number): Promise<void>;
};

/**
 * Starts to work. `onRefused` is called once when the key of the runner does not hold any more.
 * @throws UnavailableError when it is not let in
 */
export async function startWork(app: App, onRefused = () => {}): Promise<Work> {
  const shutdown = new AbortController();
  const givenUp = new AbortController();
  await sweepScratch(app.config);
  await killLeftovers(app);
  const runnerId = await registerRunner(app);
  const underWay = new Set<Promise<void>>();
  const during =
    <T>(handler: (data: T) => Promise<void>) =>
    async (data: T) => {
      const running = handler(data);
      underWay.add(running);
      try {
        await running;
      } finally {
        underWay.delete(running);
      }
    };
  const repeat = (ms: number, what: string, task: () => Promise<unknown>) => {
    let busy = false;
    return setInterval(() => {
      if (busy) return;
      busy = true;
      task()
        .catch((error: unknown) => app.log.warn({ err: error }, `${what} failed`))
        .finally(() => {
          busy = false;
        });
    }, ms);
  };
  const sweep = during(async () => {
    await sweepScratch(app.config);
    await sweepEnvironments(app.config);
    await deleteOldLogs(app);
    await deleteOldEvents(app);
    await sweepArtifacts(app, shutdown.signal);
  });
  // Files of an older version may come into the store; nobody waits for that.
  sweep(null).catch((error: unknown) => app.log.warn({ err: error }, 'sweeping failed'));
  let draining = false;
  let refused = false;
  const timers = [
    repeat(HEARTBEAT_MS, 'heartbeat', async () => {
      const { draining: now, admitted } = await beatHeart(app, runnerId);
      if (!admitted && !refused) onRefused();
      refused ||= !admitted;
      if (now !== draining) app.log.info({ runnerId }, now ? 'draining' : 'not draining any more');
      draining = now;
    }),
    repeat(DESCRIBE_MS, 'describing the runtime', () => tellRuntime(app, runnerId)),
    repeat(REAP_MS, 'reaping', async () => {
      if ((await reapLapsedAttempts(app)) > 0) await killLeftovers(app);
    }),
    repeat(LEFTOVERS_MS, 'killing leftovers', () => killLeftovers(app)),
    repeat(SWEEP_MS, 'sweeping', () => sweep(null)),
  ];
  const runner = { id: runnerId, shutdown: shutdown.signal, givenUp: givenUp.signal };
  const serving = serveRuns(app, runner, app.config.runner.slots);
  for (const job of [EvaluateRun, EvaluateByEndpoint]) {
    await app.queue.work(
      job,
      1,
      during(({ evaluationId }) => evaluate(app, evaluationId, shutdown.signal)),
    );
  }
  await app.queue.work(
    CheckDataset,
    1,
    during(({ checkId }) => checkDataset(app, checkId, shutdown.signal)),
  );
  // Without Python it would only fail what another runner could do. It is looked for at the start, as
  // the remedy says; one that is new needs a new start.
  if ((await describeRuntime(app)).ready) {
    await app.queue.work(
      RenderPreview,
      1,
      during(({ previewId }) => renderPreview(app, previewId, shutdown.signal)),
    );
  }
  const { labels, slots } = app.config.runner;
  app.metrics.runner.setSlots(slots);
  app.log.info({ runnerId, labels, slots }, 'runner is ready');
  return {
    runnerId,
    async stop(patienceMs) {
      shutdown.abort();
      const late =
        patienceMs === undefined ? undefined : setTimeout(() => givenUp.abort(), patienceMs);
      await app.queue.pause();
      await Promise.allSettled([...underWay, serving]);
      clearTimeout(late);
      for (const timer of timers) clearInterval(timer);
      await leave(app, runnerId);
    },
  };
}
