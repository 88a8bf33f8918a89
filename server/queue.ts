/**
 * Typed jobs over pg-boss. A job carries ids only: the worker reads the row, which is the truth, so
 * a job that comes twice or late does no harm.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { fromPrisma, PgBoss } from 'pg-boss';
import { v5 } from 'uuid';
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
  /** How long a job that is done is kept to look at; a week unless given. */
  deleteAfterSeconds?: number;
};

/** Declares a job. */
export const defineJob = <T>(name: string, schema: z.ZodType<T>, options: JobOptions): Job<T> => ({
  name,
  schema,
  ...options,
});

export type Queue = Awaited<ReturnType<typeof openQueue>>;

/** Named, so that a connection plans each of them once: that takes longer than to run them. */
const names = new Map<string, string>();
const nameOf = (statement: string): string => {
  const name = names.get(statement) ?? `pgboss-${names.size}`;
  names.set(statement, name);
  return name;
};

const fromClient = (client: PoolClient) => ({
  // The statements of pg-boss differ by the name of the queue alone.
  executeSql: (text: string, values: unknown[] = []) =>
    client.query({ name: nameOf(text), text, values }),
});

const within = (tx: Tx | PoolClient) => ('$queryRaw' in tx ? fromPrisma(tx) : fromClient(tx));

const TICKETS = '2f5f0a0e-6a52-4d6b-9f0e-0d6a4c1b7a11';

/** The id of the job with this key, for jobs whose key is used once, ever. */
const ticketId = (key: string): string => v5(key, TICKETS);

/** The index builds of a new version of pg-boss run after its migration, in the background. */
const BUILDS_MS = 10 * 60_000;

/**
 * Creates the tables of pg-boss, or brings them up to date, and makes the queues: part of migrating, so
 * that processes which may not create tables can start.
 */
export async function installQueue(url: string, jobs: Job<never>[]): Promise<void> {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 2 });
  // Without a listener the error of a background task would end the process.
  boss.on('error', () => {});
  await boss.start();
  try {
    for (const job of jobs) await boss.createQueue(job.name, optionsOf(job, true));
    const deadline = performance.now() + BUILDS_MS;
    const isBuilding = async () => {
      const builds = await boss.getBamStatus();
      return builds.some(({ status }) => status === 'pending' || status === 'in_progress');
    };
    // Without an index the queue is slower and right; what fails is tried again the next time.
    while (performance.now() < deadline && (await isBuilding())) await delay(200);
  } finally {
    await boss.stop({ graceful: false });
  }
}

const optionsOf = ({ name: _name, schema: _schema, ...options }: Job<never>, notify: boolean) => ({
  policy: 'exclusive' as const,
  notify,
  ...options,
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
  const made = new Set<string>();
  const ensure = async (job: Job<never>, notify: boolean) => {
    if (made.has(job.name)) return;
    await boss.createQueue(job.name, optionsOf(job, notify));
    made.add(job.name);
  };
  for (const job of jobs) await ensure(job, true);
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
        db: within(tx),
        singletonKey: key,
        priority,
      });
    },
    /**
     * Adds a job that nobody works by pg-boss: whoever takes the row it speaks of settles it. `key` is
     * used once, ever; a repeat does nothing. A queue that is not among those of the start is made on
     * the way, on a connection of its own.
     */
    async addTicket<T extends object>(
      tx: Tx | PoolClient,
      job: Job<T>,
      data: T,
      key: string,
      priority: number,
    ) {
      await ensure(job as Job<never>, false);
      const options = { db: within(tx), id: ticketId(key), singletonKey: key, priority };
      await boss.send(job.name, job.schema.parse(data), options);
    },
    /** Completes the ticket with this key, in the transaction that takes its row; none is no error. */
    async settleTicket<T>(tx: Tx | PoolClient, job: Job<T>, key: string) {
      await ensure(job as Job<never>, false);
      const options = { db: within(tx), includeQueued: true };
      await boss.complete(job.name, ticketId(key), null, options);
    },
    /** Moves the ticket with this key to its new place; none is no error. */
    async moveTicket<T>(tx: Tx | PoolClient, job: Job<T>, key: string, priority: number) {
      await ensure(job as Job<never>, false);
      const options = { db: within(tx), id: ticketId(key), priority };
      await boss.update({ name: job.name, options });
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
