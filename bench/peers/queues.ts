/** Queues that carry a key from here to a handler in this process: ours and two of others. */
import { randomUUIDv7 } from 'node:crypto';
import { Logger, makeWorkerUtils, run, type WorkerUtils } from 'graphile-worker';
import { PgBoss } from 'pg-boss';
import { openApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { createRun } from '../../server/runs/create.ts';
import { takeRun } from '../../server/runs/queue/take.ts';

export type BenchQueue = AsyncDisposable & {
  /** Resolves with the key when the job is durable. */
  send(): Promise<string>;
};

/** Hears of each job, by its key, as soon as its handler runs. */
export type Handled = (key: string) => void;

const LEASE_SECONDS = 60;

/**
 * Ours: a run that is validated, written with its job, and claimed by a runner in this process that
 * does nothing with it.
 */
export async function openRunQueue(
  url: string,
  dataset: string,
  handled: Handled,
): Promise<BenchQueue> {
  const app = await openApp(
    readConfig({ LOG_LEVEL: 'warn', DATA_DIR: '/nonexistent' }),
    url,
    'bench',
  );
  const runner = await app.db.runner.create({
    data: { id: randomUUIDv7(), name: 'bench', host: 'bench', pid: 0, labels: [] },
  });
  const stop = new AbortController();
  const work = async () => {
    using bell = app.bell.listen('queue');
    while (!stop.signal.aborted) {
      const lease = await takeRun(app, runner.id, LEASE_SECONDS);
      if (lease) handled(lease.runId);
      else await bell.heard(stop.signal);
    }
  };
  const working = work();
  return {
    async send() {
      const { id } = await createRun(app, {
        datasetKey: dataset,
        modelId: 'qwen3-tiny',
        hyperparameters: { batchSize: 1, numEpochs: 1 },
        acknowledgedWarnings: ['NO_TEST_ITEMS'],
      });
      return id;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await working;
      await app[Symbol.asyncDispose]();
    },
  };
}

/** pg-boss as it comes, with its notifications on. */
export async function openPgBoss(url: string, handled: Handled): Promise<BenchQueue> {
  const boss = new PgBoss({ connectionString: url, schema: 'bench_boss', useListenNotify: true });
  boss.on('error', (error) => process.stderr.write(`${String(error)}\n`));
  await boss.start();
  await boss.createQueue('bench', { notify: true });
  // One at a time, it would take the next of a backlog only when its interval is over.
  const options = { batchSize: 100, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 };
  await boss.work('bench', options, async (jobs) => {
    for (const { id } of jobs) handled(id);
  });
  return {
    async send() {
      const id = await boss.send('bench', {});
      if (!id) throw new Error('pg-boss took no job');
      return id;
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}

/** graphile-worker as it comes. */
export async function openGraphile(url: string, handled: Handled): Promise<BenchQueue> {
  const logger = new Logger(() => () => {});
  const quiet = { schema: 'bench_graphile', connectionString: url, logger };
  const utils: WorkerUtils = await makeWorkerUtils(quiet);
  await utils.migrate();
  const runner = await run({
    ...quiet,
    concurrency: 1,
    noHandleSignals: true,
    taskList: { bench: async (_payload, { job }) => handled(String(job.id)) },
  });
  return {
    async send() {
      return String((await utils.addJob('bench', {})).id);
    },
    async [Symbol.asyncDispose]() {
      await runner.stop();
      await utils.release();
    },
  };
}
