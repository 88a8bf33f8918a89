/** Does to a real run what the model of one does (`runModel.ts`), and reads it back as a model. */
import { expect } from 'vitest';
import type { App } from '../app.ts';
import { InvalidStateError } from '../errors.ts';
import { openLogWriter } from '../logs/writer.ts';
import { finishAttempt } from '../runs/attempt/finish.ts';
import { openMetricWriter } from '../runs/attempt/metrics.ts';
import { cancelRun } from '../runs/cancel.ts';
import { createRun } from '../runs/create.ts';
import { claimRun, type Lease, LeaseLostError, renewLease } from '../runs/lease.ts';
import { reapLapsedAttempts } from '../runs/reap.ts';
import { retryRun } from '../runs/retryRun.ts';
import type { Operation, RunModel } from './runModel.ts';

const never = new AbortController().signal;
/** Seconds; no lease ends by itself during a test. */
const LEASE = 300;

/** A real run, and what its holders know. */
export type RealRun = { id: string; leases: Map<number, Lease> };

/** Queues a run on the dataset. */
export async function queueReal(
  app: App,
  datasetKey: string,
  maxAttempts: number,
  retryOnFailure: boolean,
): Promise<RealRun> {
  const { id } = await createRun(app, {
    datasetKey,
    modelId: 'qwen3-tiny',
    mode: 'LOCAL',
    hyperparameters: { batchSize: 2 },
    maxAttempts,
    retryOnFailure,
  });
  return { id, leases: new Map() };
}

/** Does one operation to the real run; its answer in the words of the model. */
export async function perform(
  app: App,
  runnerId: string,
  run: RealRun,
  operation: Operation,
): Promise<string> {
  const { id } = run;
  const lease = 'epoch' in operation ? run.leases.get(operation.epoch) : undefined;
  try {
    if ('epoch' in operation) return await performAs(app, lease, operation);
    switch (operation.do) {
      case 'claim': {
        const claimed = await claimRun(app, id, runnerId, LEASE);
        if (claimed) run.leases.set(claimed.epoch, claimed);
        return claimed ? `epoch ${claimed.epoch}` : 'none';
      }
      case 'expire':
        await app.sql.query(
          `UPDATE run_attempts SET lease_until = '2000-01-01'
           WHERE run_id = $1 AND status = 'RUNNING'`,
          [id],
        );
        return 'done';
      case 'reap':
        return String(await reapLapsedAttempts(app));
      case 'cancel':
        await cancelRun(app, id, operation.mode);
        return 'done';
      case 'retry':
        await retryRun(app, id);
        return 'done';
      default:
        return operation satisfies never;
    }
  } catch (error) {
    if (error instanceof LeaseLostError) return 'lease lost';
    if (error instanceof InvalidStateError) return 'refused';
    throw error;
  }
}

/** What the holder of a lease does. */
async function performAs(
  app: App,
  lease: Lease | undefined,
  operation: Extract<Operation, { epoch: number }>,
): Promise<string> {
  if (!lease) return 'lease lost'; // nobody ever held it
  switch (operation.do) {
    case 'renew':
      return `cancel ${(await renewLease(app, lease)).cancel}`;
    case 'log': {
      const log = openLogWriter(app, lease, never);
      await log.write('STDOUT', Buffer.from(`${operation.text}\n`));
      await log.close();
      lease.lastLogSeq += operation.text.split('\n').length;
      return 'done';
    }
    case 'metric': {
      const from = lease.lastMetricSeq;
      const points = Array.from({ length: operation.points }, (_, index) => ({
        name: 'train/loss',
        step: from + index + 1,
        value: 1,
        at: new Date(),
      }));
      await openMetricWriter(app, lease, never).append(points);
      lease.lastMetricSeq += operation.points;
      return 'done';
    }
    case 'finish': {
      const end = { status: operation.as, reason: null, exitCode: null, exitSignal: null };
      const results = { files: [], predictions: [], logTail: '' };
      await finishAttempt(app, lease, end, results, never);
      return 'done';
    }
    default:
      return operation satisfies never;
  }
}

/** The real run as a model, and the rules that every state keeps. */
export async function look(app: App, { id }: RealRun): Promise<RunModel> {
  const run = await app.db.run.findUniqueOrThrow({
    where: { id },
    include: {
      attempts: { orderBy: { epoch: 'asc' } },
      events: { orderBy: { seq: 'asc' } },
      logChunks: { orderBy: { firstSeq: 'asc' } },
      metricPoints: { orderBy: { seq: 'asc' } },
      children: true,
    },
  });
  expect(run.events.map(({ seq }) => Number(seq))).toEqual(run.events.map((_, at) => at + 1));
  expect(run.metricPoints.map(({ seq }) => Number(seq))).toEqual(
    run.metricPoints.map((_, at) => at + 1),
  );
  let lines = 0n;
  for (const { firstSeq, lastSeq } of run.logChunks) {
    expect(firstSeq).toBe(lines + 1n);
    lines = lastSeq;
  }
  const { lastEventSeq, lastLogSeq, lastMetricSeq } = run;
  const counters = [run.events.length, Number(lines), run.metricPoints.length].map(BigInt);
  expect([lastEventSeq, lastLogSeq, lastMetricSeq]).toEqual(counters);
  const [held] = run.attempts.filter(({ status }) => status === 'RUNNING');
  return {
    status: run.status,
    epoch: run.epoch,
    failedAttempts: run.failedAttempts,
    maxAttempts: run.maxAttempts,
    retryOnFailure: run.retryOnFailure,
    cancelMode: run.cancelMode,
    lapsed: held !== undefined && held.leaseUntil < new Date(),
    attempts: run.attempts.map(({ status }) => status),
    events: run.events.map(({ kind, attempt }) => `${kind} ${attempt}`),
    log: run.logChunks.flatMap(({ data, attempt }) =>
      Buffer.from(data)
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => `${attempt} ${line}`),
    ),
    points: run.metricPoints.map(({ attempt }) => attempt),
    children: run.children.length,
  };
}
