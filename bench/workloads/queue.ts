/** d: from a run that is asked for to a handler that has it, and to its first line on a screen. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { metered } from '../lib/meter.ts';
import type { Measurement } from '../lib/report.ts';
import { latencies, type Sample } from '../lib/stats.ts';
import { same, type Workload } from '../lib/workload.ts';
import {
  type BenchQueue,
  type Handled,
  openGraphile,
  openPgBoss,
  openRunQueue,
} from '../peers/queues.ts';
import { openStarts } from './queueStarts.ts';

const DATASET = 'queue-1';
/** Between two jobs, so that each meets a worker that waits. */
const PAUSE_MS = 15;
const SENDERS = 8;

async function seedDataset(sql: Pool): Promise<void> {
  await sql.query(
    `INSERT INTO datasets (id, key, name, version, content_hash, recipe, stats, item_count,
       train_count, eval_count, test_count)
     VALUES (gen_random_uuid(), $1, 'queue', '1', repeat('0', 64), '{}', '{}', 10, 8, 1, 1)`,
    [DATASET],
  );
}

/** Runs that wait and are never taken before those of the measurement: half for other labels. */
const BACKLOG = `
  INSERT INTO runs (id, dataset_id, model_id, mode, config, config_hash, timeout_seconds, priority,
    required_labels)
  SELECT gen_random_uuid(), (SELECT id FROM datasets LIMIT 1), 'qwen3-tiny', 'DRY_RUN', '{}',
    repeat('0', 64), 60, -100, CASE WHEN i % 2 = 0 THEN '{gpu}' ELSE '{bench}' END::text[]
  FROM generate_series(1, $1::int) AS i`;

type Subject = { name: string; open(handled: Handled): Promise<BenchQueue> };

/** Where handlers report and senders wait. */
function openArrivals() {
  const times = new Map<string, number>();
  let changed = () => {};
  return {
    handled: (key: string) => {
      times.set(key, performance.now());
      changed();
    },
    /** When the handler of a job began; waits for it. */
    async of(key: string): Promise<number> {
      for (;;) {
        const at = times.get(key);
        if (at !== undefined) return at;
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
    get count() {
      return times.size;
    },
  };
}

const WARM_UP = 20;

/** Sends one after the other: how long each took from durable to its handler. */
async function startTimes(subject: Subject, count: number): Promise<Sample> {
  const arrivals = openArrivals();
  await using queue = await subject.open(arrivals.handled);
  const times: number[] = [];
  for (let index = -WARM_UP; index < count; index += 1) {
    const key = await queue.send();
    const sent = performance.now();
    const begun = await arrivals.of(key);
    // It may have begun before the sender heard that it is stored.
    if (index >= 0) times.push(Math.max(0, begun - sent));
    await delay(PAUSE_MS);
  }
  same('jobs handled', arrivals.count, count + WARM_UP);
  return { count, ...latencies(times) };
}

/** As fast as so many senders can, for so long; then until all are handled. */
async function sendRate(subject: Subject, seconds: number): Promise<Sample> {
  const arrivals = openArrivals();
  await using queue = await subject.open(arrivals.handled);
  const keys: string[] = [];
  const begin = performance.now();
  const until = begin + seconds * 1000;
  const send = async () => {
    while (performance.now() < until) keys.push(await queue.send());
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  const taken = (performance.now() - begin) / 1000;
  for (const key of keys) await arrivals.of(key);
  const all = (performance.now() - begin) / 1000;
  same('jobs handled', arrivals.count, keys.length);
  return {
    count: keys.length,
    perSecond: keys.length / taken,
    handledPerSecond: keys.length / all,
  };
}

export const queue: Workload = {
  letter: 'd',
  name: 'queue',
  async open(bench) {
    const count = bench.quick ? 20 : 200;
    const backlog = bench.quick ? 1_000 : 100_000;
    const seconds = bench.quick ? 1 : 5;
    await using stack = new AsyncDisposableStack();
    const { sql, url } = stack.use(await bench.postgres.openDatabase('bench_queue'));
    await sql.query('TRUNCATE datasets, runs, runners CASCADE');
    await seedDataset(sql);
    const starts = stack.use(await openStarts(bench));
    const watched = { postgres: bench.postgres, sql, server: null };
    const subjects: Subject[] = [
      { name: 'ours', open: (handled) => openRunQueue(url, DATASET, handled) },
      { name: 'peer: pg-boss', open: (handled) => openPgBoss(url, handled) },
      { name: 'peer: graphile-worker', open: (handled) => openGraphile(url, handled) },
    ];
    const endAll = async () => {
      await sql.query('TRUNCATE runs CASCADE');
      await sql.query('DELETE FROM pgboss.job');
      await sql.query('VACUUM ANALYZE pgboss.job');
    };

    const opened = stack.move();
    return {
      what: `${count} runs one by one, ${seconds} s of runs by ${SENDERS} senders, a backlog of ${backlog}`,
      skipped: [],
      checks: new Set([
        'every job had its handler once, in the order of its sender',
        'every run of the whole way ended COMPLETED, and its first line came',
      ]),
      headlineOf: (name) =>
        name.startsWith('sent')
          ? { figure: 'perSecond', better: 'higher' }
          : { figure: 'p50Ms', better: 'lower' },
      async round() {
        const all: Measurement[] = [];
        for (const subject of subjects) {
          const sample = await metered(watched, () => startTimes(subject, count));
          all.push({ case: 'stored to handler', subject: subject.name, sample });
        }
        for (const subject of subjects) {
          const sample = await metered(watched, () => sendRate(subject, seconds));
          all.push({ case: 'sent a second', subject: subject.name, sample });
        }
        await endAll();
        await sql.query(BACKLOG, [backlog]);
        await sql.query('ANALYZE runs');
        const [ours] = subjects;
        if (ours) {
          const sample = await metered(watched, () => startTimes(ours, count));
          all.push({ case: `stored to handler, ${backlog} wait`, subject: 'ours', sample });
        }
        await sql.query('TRUNCATE runs CASCADE');
        for (const [name, sample] of await starts.measure(bench.quick ? 3 : 30)) {
          all.push({ case: name, subject: 'ours', sample });
        }
        return all;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};
