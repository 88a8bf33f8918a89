/**
 * Typed jobs over pg-boss. A job carries ids only: the worker reads the row, which is the truth, so
 * a job that comes twice or late does no harm.
 */
import type { PoolClient } from 'pg';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { z } from 'zod';
import type { Tx } from './db.ts';
import type { Log } from './log.ts';

export type Job<T> = { name: string; schema: z.ZodType<T> } & JobOptions;

type JobOptions = {
  /** When pg-boss gives up on a handler: at most 24 h. */
  expireInSeconds: number;
  /** How often a job that failed, or whose worker died, is tried again. */
  retryLimit: number;
  /** How often a worker says that it lives; a worker silent for this long is dead. */
  heartbeatSeconds?: number;
};

/** Declares a job. */
export const defineJob = <T>(name: string, schema: z.ZodType<T>, options: JobOptions): Job<T> => ({
  name,
  schema,
  ...options,
});

export type Queue = Awaited<ReturnType<typeof openQueue>>;

const fromClient = (client: PoolClient) => ({
  executeSql: (statement: string, values?: unknown[]) => client.query(statement, values),
});

/** Starts pg-boss (its tables live in schema `pgboss`) and makes sure the queues exist. */
export async function openQueue(url: string, jobs: Job<never>[], log: Log) {
  const boss = new PgBoss({
    connectionString: url,
    useListenNotify: true,
    max: 5,
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'queue error'));
  await boss.start();
  for (const job of jobs) {
    await boss.createQueue(job.name, {
      policy: 'exclusive',
      notify: true,
      retryLimit: job.retryLimit,
      expireInSeconds: job.expireInSeconds,
      ...(job.heartbeatSeconds && { heartbeatSeconds: job.heartbeatSeconds }),
    });
  }
  const listen = boss.getDb().listen;
  if (!listen) throw new Error('pg-boss offers no LISTEN connection');
  const worked = new Set<string>();

  return {
    /** LISTEN over pg-boss's kept connection: heartbeat, reconnect, resubscribe. */
    listen: listen.bind(boss.getDb()),
    /**
     * Adds a job in the transaction that writes the row it speaks of. `key` makes it unique among
     * jobs not yet finished; a repeat is silently the same job.
     */
    async send<T extends object>(
      tx: Tx | PoolClient,
      job: Job<T>,
      data: T,
      key: string,
      priority = 0,
    ) {
      await boss.send(job.name, job.schema.parse(data), {
        db: '$queryRaw' in tx ? fromPrisma(tx) : fromClient(tx),
        singletonKey: key,
        priority,
      });
    },
    /** Works jobs one at a time, `times` of them side by side. */
    async work<T>(job: Job<T>, times: number, handler: (data: T) => Promise<void>) {
      for (let i = 0; i < times; i++) {
        const id = await boss.work<object>(
          job.name,
          { batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
          async (batch) => {
            try {
              for (const { data } of batch) await handler(job.schema.parse(data));
            } finally {
              // Else the worker sleeps its polling interval before the next of a backlog.
              boss.notifyWorker(id);
            }
          },
        );
        worked.add(job.name);
      }
    },
    /** Takes no more jobs, and waits for those under way. */
    async pause() {
      await Promise.all([...worked].map((name) => boss.offWork(name, { wait: true })));
      worked.clear();
    },
    async close() {
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}
