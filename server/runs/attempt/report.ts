/** Turns what the child reports in its event file into rows of the run. */
import type { Prisma } from '../../../prisma/generated/client/client.ts';
import type { RunEventKind } from '../../../prisma/generated/client/enums.ts';
import type { App } from '../../app.ts';
import type { Tx } from '../../db.ts';
import { openEventFile, type TunixEvent } from '../../tunix/events.ts';
import { appendOnce } from '../events.ts';
import { fenced, type Lease, ringRun } from '../lease.ts';
import { untilStored } from '../retry.ts';
import { type NewPoint, openMetricWriter } from './metrics.ts';

const POLL_MS = 100;
const PROGRESS_MS = 500;

type Needs = Pick<App, 'db' | 'sql' | 'bell' | 'log' | 'metrics'>;

export type Reporter = {
  /** The message of the child's `error` event, if it sent one. */
  readonly error: string | null;
  /** Reads what is left and stops. Rejects with what went wrong while reporting. */
  close(): Promise<void>;
};

export type Hooks = {
  /** Reporting has failed; what comes now would be lost. */
  failure(): void;
  /** A checkpoint is complete in its folder. */
  checkpoint(step: number): Promise<void>;
  /** Stores what the checkpoint of a step predicted, and gives the metrics of that. */
  predictions(step: number): Promise<NewPoint[]>;
};

/**
 * Follows an event file until closed. `signal` ends its retries when the lease is lost.
 */
export function openReporter(
  app: Needs,
  lease: Lease,
  file: string,
  signal: AbortSignal,
  on: Hooks,
): Reporter {
  const events = openEventFile(file);
  const metrics = openMetricWriter(app, lease, signal);
  let error: string | null = null;
  let progressAt = Number.NEGATIVE_INFINITY;
  let progress: { step: number; total: number } | null = null;

  const append = (tx: Tx, kind: RunEventKind, data: Prisma.JsonObject) =>
    appendOnce(tx, lease.runId, kind, data, lease.epoch);

  const record = (kind: RunEventKind, data: Prisma.JsonObject) =>
    untilStored(signal, app.log, () => fenced(app, lease, (tx) => append(tx, kind, data)));

  const saveProgress = async () => {
    if (!progress) return;
    const { step, total } = progress;
    progress = null;
    progressAt = performance.now();
    await untilStored(signal, app.log, () =>
      fenced(app, lease, (tx) =>
        tx.run.update({
          where: { id: lease.runId },
          data: { step, totalSteps: total, version: { increment: 1 } },
        }),
      ),
    );
  };

  const take = async (event: TunixEvent) => {
    switch (event.event) {
      case 'metric':
        return;
      case 'progress':
        progress = { step: event.step, total: event.total };
        return;
      case 'started': {
        const { versions, devices, pid } = event;
        await untilStored(signal, app.log, () =>
          fenced(app, lease, async (tx) => {
            await tx.runAttempt.update({
              where: { runId_epoch: { runId: lease.runId, epoch: lease.epoch } },
              data: { runtime: { versions, devices } },
            });
            await append(tx, 'STARTED', { versions, devices, pid });
          }),
        );
        return;
      }
      case 'data': {
        const { time: _, event: __, ...data } = event;
        await record('DATA_READY', data);
        return;
      }
      case 'restored':
        await record('RESTORED', { step: event.step });
        return;
      case 'checkpoint':
        await on.checkpoint(event.step);
        return;
      case 'predictions':
        if (event.done === event.total || event.done === 0) {
          await record('PREDICTIONS', { split: event.split, done: event.done, total: event.total });
        }
        return;
      case 'checkpoint_predictions':
        await metrics.append(await on.predictions(event.step));
        return;
      case 'exported':
        await record('EXPORTED', {});
        return;
      case 'error':
        error = event.message;
        return;
      case 'model':
      case 'stopped':
      case 'finished':
        return;
      default:
        event satisfies never;
    }
  };

  const pump = async (last: boolean) => {
    const batch = await events.read();
    const points = batch.flatMap((event): NewPoint[] =>
      event.event === 'metric'
        ? [{ name: event.name, step: event.step, value: event.value, at: toDate(event.time) }]
        : [],
    );
    await metrics.append(points);
    for (const event of batch) await take(event);
    if (last || performance.now() - progressAt > PROGRESS_MS) await saveProgress();
    if (batch.length > 0) ringRun(app, lease.runId);
  };

  let closing = false;
  let wake = () => {};
  const loop = async () => {
    while (!closing) {
      await pump(false);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await pump(true);
  };
  const running = loop();
  running.catch(on.failure);

  return {
    get error() {
      return error;
    },
    async close() {
      closing = true;
      wake();
      try {
        await running;
      } finally {
        await events[Symbol.asyncDispose]();
      }
    },
  };
}

const toDate = (seconds: number): Date => new Date(seconds * 1000);
