/** Load on an HTTP server: as fast as so many clients can, or so many arrivals a second. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type Connection, openConnection } from './connection.ts';
import { latencies, type Sample } from './stats.ts';

/** What is sent and what must come back. */
export type Target = {
  url: URL;
  /** The bytes of request number `index`, counted from 0 over the whole load. */
  request(index: number): Buffer;
  /** Throws when the answer is not the right one. */
  check(answer: Answer, index: number): void;
};

/**
 * Closed loop: each client sends its next request when it has the answer to the last. Good for
 * throughput; latency at saturation is only queueing (`clients` / throughput).
 */
export async function closedLoop(
  target: Target,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<Sample> {
  const connections = await open(target.url, clients);
  const times: number[] = [];
  let index = 0;
  const start = performance.now();
  const until = start + seconds * 1000;
  try {
    await Promise.all(
      connections.map(async (connection) => {
        for (let at = performance.now(); at < until; ) {
          const number = index++;
          target.check(await connection.send(target.request(number)), number);
          const now = performance.now();
          times.push(now - at);
          at = now;
        }
      }),
    );
  } finally {
    for (const connection of connections) connection[Symbol.dispose]();
  }
  const taken = (performance.now() - start) / 1000;
  return {
    count: times.length,
    seconds: taken,
    perSecond: times.length / taken,
    ...latencies(times),
  };
}

const MAX_CONNECTIONS = 256;

/**
 * Open loop: requests arrive at a fixed rate whether or not earlier ones are answered, as from many
 * people. Latency counts from when a request was due, so that a stall of the server is felt by all
 * who arrive during it. `lagP99Ms` is how late this generator itself was: its timer has 1 ms.
 */
export async function openLoop(
  target: Target,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Sample> {
  const free: Connection[] = await open(target.url, Math.min(16, MAX_CONNECTIONS));
  const all = [...free];
  const total = Math.round(rate * seconds);
  const waiting: number[] = [];
  const times: number[] = [];
  const lags: number[] = [];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = performance.now();
  const dueAt = (index: number) => start + (index * 1000) / rate;

  const serve = async (index: number) => {
    let connection = free.pop();
    if (!connection) {
      if (all.length >= MAX_CONNECTIONS) {
        waiting.push(index);
        return;
      }
      connection = await openConnection(target.url);
      all.push(connection);
    }
    for (let next: number | undefined = index; next !== undefined; next = waiting.shift()) {
      target.check(await connection.send(target.request(next)), next);
      times.push(performance.now() - dueAt(next));
    }
    free.push(connection);
  };

  try {
    for (let index = 0; index < total && failures.length === 0; ) {
      const now = performance.now();
      for (; index < total && dueAt(index) <= now; index += 1) {
        lags.push(now - dueAt(index));
        const served: Promise<void> = serve(index)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => running.delete(served));
        running.add(served);
      }
      await delay(1);
    }
    await Promise.all(running);
  } finally {
    for (const connection of all) connection[Symbol.dispose]();
  }
  if (failures.length > 0) throw failures[0];
  const taken = (performance.now() - start) / 1000;
  return {
    count: times.length,
    seconds: taken,
    perSecond: times.length / taken,
    ...latencies(times),
    lagP99Ms: latencies(lags).p99Ms ?? 0,
  };
}

const open = (url: URL, count: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: count }, () => openConnection(url)));
