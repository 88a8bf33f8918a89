/** A database that is half there: silent, full, or held up by a long transaction. */
import { attemptsOf, lineReached, quantile, statusIs } from '../look.ts';
import { describe, expect, test } from '../test.ts';
import { until } from '../until.ts';

describe('connections to the database that swallow everything', () => {
  test('are given up within the limit of a statement, and new ones are used', async ({
    system,
  }) => {
    await system.behave({ steps: 100, stepMs: 10 });
    // The API holds connections that are dead and does not know it.
    system.api.line.set('swallow');
    const began = performance.now();
    const lost = system.client.request('{ runs(first: 1) { edges { cursor } } }');
    await expect(lost).rejects.toThrow();
    expect(performance.now() - began).toBeLessThan(65_000);
    system.api.line.set('pass');
    await until(
      'the API answers',
      () => system.client.request('{ runs(first: 1) { edges { cursor } } }'),
      { seconds: 130 },
    );
    await using _runner = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
  });

  test('cost a runner its run, which another one has at once', async ({ system }) => {
    await system.behave({ steps: 400, stepMs: 10 });
    await using silent = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    await using _other = await system.startRunner();
    silent.line.set('swallow');
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['LOST', 'COMPLETED']);
  });
});

describe('a transaction that somebody leaves open', () => {
  test('holds up no run: the queue works as before', async ({ system }) => {
    await system.behave({ steps: 1 });
    await using _runner = await system.startRunner();
    const once = async () => {
      const began = performance.now();
      const { runId, recorder } = await system.startRun();
      await recorder.complete;
      await statusIs(system, runId, 'COMPLETED');
      return performance.now() - began;
    };
    const measure = async (rounds: number) => {
      const times: number[] = [];
      for (let i = 0; i < rounds; i++) times.push(await once());
      return quantile(times, 0.5);
    };
    await once();
    const before = await measure(5);
    const analyst = await system.sql.connect();
    try {
      await analyst.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await analyst.query('SELECT count(*) FROM runs');
      // Rows that nobody may clean up while it is open: updates of the same few rows.
      for (let i = 0; i < 10_000; i++) {
        await system.sql.query('UPDATE runners SET heartbeat_at = clock_timestamp()');
      }
      expect(await measure(5)).toBeLessThan(before * 2 + 200);
    } finally {
      await analyst.query('ROLLBACK');
      analyst.release();
    }
  });
});
