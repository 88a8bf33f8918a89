/** An API that is killed, stopped, cut off from its callers, or watched by many. */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { buildDataset, startRun } from '../loop.ts';
import { attemptsOf, cancel, lineReached, quantile, runOf, statusIs } from './look.ts';
import { describe, expect, test } from './test.ts';
import { until } from './until.ts';

describe('an API that is killed during a run', () => {
  test('costs the run nothing, and a viewer goes on where it was, five times', async ({
    system,
    random,
  }) => {
    // Longer than five new APIs take on a busy machine: whoever waits for more of it must not wait in vain.
    await system.behave({ steps: 2000, stepMs: 10 });
    await using _runner = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    for (let kill = 1; kill <= 5; kill++) {
      const seen = recorder.batches.length;
      await until('more is received', () => recorder.batches.length > seen + 1 + random.below(5));
      system.api.signal('SIGKILL');
      await system.api.ended;
      await system.startApi();
    }
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(recorder.losses).toBeGreaterThanOrEqual(5);
    expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
  });
});

describe('an API that is asked to stop during a run', () => {
  test('says goodbye to its viewers and ends within 5 s, and they go on with the next', async ({
    system,
  }) => {
    await system.behave({ steps: 500, stepMs: 10 });
    await using _runner = await system.startRunner();
    const { globalId, runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    const codes: number[] = [];
    const viewer = createClient({
      url: `${system.web.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    });
    const query = 'subscription Bye($id: ID!) { runLogs(runId: $id) { __typename } }';
    const stream = viewer.iterate({ query, variables: { id: globalId } });
    await stream.next();
    const askedAt = performance.now();
    system.api.signal('SIGTERM');
    expect(await system.api.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    await until('the viewer was told', () => codes.length > 0);
    expect(codes).toEqual([1001]);
    await viewer.dispose();
    await system.startApi();
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
  });
});

describe('a request whose answer is lost', () => {
  test('is sent again with its key and gives the same run', async ({ system, random }) => {
    const input = { idempotencyKey: `lost-${random.word()}` };
    const hyperparameters = { batchSize: 2 };
    // It waits 100 ms on the way there and on the way back; it is cut on the way back.
    system.web.set('pass', 100);
    const lost = startRun(system.client, system.datasetKey, hyperparameters, input);
    const outcome = lost.then(
      () => 'answered',
      () => 'lost',
    );
    const stored = () =>
      system.sql.query('SELECT FROM runs WHERE idempotency_key = $1', [input.idempotencyKey]);
    await until('the run is stored', async () => (await stored()).rowCount === 1, { interval: 1 });
    system.web.cut();
    expect(await outcome).toBe('lost');
    system.web.set('pass');
    const ids = await Promise.all(
      Array.from({ length: 8 }, () =>
        startRun(system.client, system.datasetKey, hyperparameters, input),
      ),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await stored()).rowCount).toBe(1);
    await cancel(system, ids[0] ?? '', 'NOW');
  });
});

describe('500 viewers of one run', () => {
  test('hold no connection to the database, and others are served as before', async ({
    system,
  }) => {
    await system.behave({ steps: 1_000_000, stepMs: 20 });
    await using _runner = await system.startRunner();
    const { globalId, runId, recorder } = await system.startRun();
    await lineReached(system, runId, 5);
    const ask = async () => {
      const began = performance.now();
      await buildDataset(system.client, `pool-${began}-${Math.random()}`.slice(0, 60), 20);
      return performance.now() - began;
    };
    const measure = async () => {
      const times: number[] = [];
      for (let i = 0; i < 20; i++) times.push(await ask());
      return quantile(times, 0.5);
    };
    const before = await measure();
    const sockets = Array.from({ length: 50 }, () =>
      createClient({
        url: `${system.web.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      }),
    );
    const query = 'subscription Many($id: ID!) { runLogs(runId: $id) { __typename } }';
    let live = 0;
    const viewers = sockets.flatMap((socket) =>
      Array.from({ length: 10 }, () =>
        socket.subscribe(
          { query, variables: { id: globalId } },
          { next: () => (live += 1), error: () => {}, complete: () => {} },
        ),
      ),
    );
    await until('all are live', () => live >= 500 * 3);
    const during = await measure();
    const { rows } = await system.sql.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database()`,
    );
    expect(rows[0]?.count).toBeLessThan(60);
    expect(during).toBeLessThan(before * 10 + 2_000);
    const askedAt = performance.now();
    await cancel(system, globalId, 'NOW');
    await statusIs(system, runId, 'CANCELLED');
    expect(performance.now() - askedAt).toBeLessThan(3_000);
    await recorder.complete;
    for (const stop of viewers) stop();
    for (const socket of sockets) await socket.dispose();
    expect(await runOf(system, runId)).toMatchObject({ epoch: 1 });
  });
});
