/**
 * What a runner process does: registers, works the queues, reaps lapsed attempts, and lets go in
 * order. Separate from the process so that tests can hold one in theirs.
 */
import type { App } from './app.ts';
import { checkDataset } from './datasets/checks/check.ts';
import { CheckDataset } from './datasets/checks/job.ts';
import { evaluate } from './evaluations/evaluate.ts';
import { EvaluateByEndpoint, EvaluateRun } from './evaluations/job.ts';
import { sweepScratch } from './lib/scratch.ts';
import { renderPreview } from './renderPreviews/execute.ts';
import { RenderPreview } from './renderPreviews/job.ts';
import {
  beatHeart,
  describeRuntime,
  leave,
  registerRunner,
  tellRuntime,
} from './runners/register.ts';
import { executeRun } from './runs/execute.ts';
import { ExecuteRun } from './runs/job.ts';
import { reapLapsedAttempts, resendForgottenJobs } from './runs/reap.ts';

const HEARTBEAT_MS = 5_000;
const DESCRIBE_MS = 15_000;
const REAP_MS = 2_000;
const RESEND_MS = 15_000;
const SWEEP_MS = 60 * 60_000;

export type Work = {
  readonly runnerId: string;
  /** Takes no more jobs, asks the run under way to stop with a checkpoint, waits for its end. */
  stop(): Promise<void>;
};

/** Starts to work. */
export async function startWork(app: App): Promise<Work> {
  const shutdown = new AbortController();
  await sweepScratch(app.config);
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
  const timers = [
    repeat(HEARTBEAT_MS, 'heartbeat', () => beatHeart(app, runnerId)),
    repeat(DESCRIBE_MS, 'describing the runtime', () => tellRuntime(app, runnerId)),
    repeat(REAP_MS, 'reaping', () => reapLapsedAttempts(app)),
    repeat(RESEND_MS, 'resending', () => resendForgottenJobs(app)),
    repeat(SWEEP_MS, 'sweeping', () => sweepScratch(app.config)),
  ];
  const runner = { id: runnerId, shutdown: shutdown.signal };
  await app.queue.work(
    ExecuteRun,
    1,
    during(oneAtATime(({ runId }) => executeRun(app, runner, runId))),
  );
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
  app.log.info({ runnerId, labels: app.config.runner.labels }, 'runner is ready');
  return {
    runnerId,
    async stop() {
      shutdown.abort();
      await app.queue.pause();
      await Promise.allSettled(underWay);
      for (const timer of timers) clearInterval(timer);
      await leave(app, runnerId);
    },
  };
}

/**
 * Makes calls wait for the one before. The queue works one job at a time, but gives up on a handler
 * after a day and takes the next job while a long training still runs.
 */
function oneAtATime<T>(handler: (data: T) => Promise<void>): (data: T) => Promise<void> {
  let before: Promise<void> = Promise.resolve();
  return (data) => {
    const mine = before.catch(() => {}).then(() => handler(data));
    before = mine;
    return mine;
  };
}
