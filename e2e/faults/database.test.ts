/** A database that crashes, ends connections, or whose clock is off. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { attemptBegins, attemptsOf, lineReached, runOf, statusIs, timesOf } from './look.ts';
import { describe, expect, test } from './test.ts';
import { until } from './until.ts';

const PAUSE = 'mutation { pauseQueue(input: { labels: ["x"] }) { __typename } }';

/** How the API answers an operation: its status, and the codes of its errors. */
async function ask(url: string, query: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors = [] } = (await response.json()) as { errors?: { extensions: object }[] };
  return {
    status: response.status,
    codes: errors.map(({ extensions }) => (extensions as { code: string }).code),
  };
}

describe('a PostgreSQL that crashes during a run', () => {
  test('and comes back costs no line and no attempt, three times', async ({ system, random }) => {
    await system.behave({ steps: 600, stepMs: 10 });
    await using runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
    const { runId, recorder } = await system.startRun();
    for (let crash = 1; crash <= 3; crash++) {
      const before = await until('the run is read', () => runOf(system, runId));
      await lineReached(system, runId, before.last_log_seq + 20 + random.below(60));
      await system.postgres.crash();
      for (const query of ['{ runs(first: 1) { edges { cursor } } }', PAUSE]) {
        expect(await ask(system.web.url, query)).toEqual({ status: 503, codes: ['UNAVAILABLE'] });
      }
      await system.postgres.start();
    }
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
    for (const member of [runner, system.api]) expect(member.output()).not.toMatch(/uncaught/i);
  });
});

/** One each second. */
const ROUNDS = 20;

describe('connections to the database', () => {
  test('can all be ended once a second, and nobody notices', async ({ system }) => {
    await system.behave({ steps: 2_000, stepMs: 12 });
    await using _runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    let ended = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { rowCount } = await system.sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      ended += rowCount ?? 0;
      await pause(1_000); // the fault is defined by its rhythm
    }
    expect(ended).toBeGreaterThan(ROUNDS * 4);
    // Otherwise the last rounds would have met no training.
    expect(await runOf(system, runId)).toMatchObject({ status: 'RUNNING' });
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
  }, 120_000);
});

describe('a wall clock that jumps by hours', () => {
  test('ends no lease, no wait and no run, and stands in none of its times', async ({ system }) => {
    const flags = ['--import', resolve('e2e/faults/shiftClock.ts')];
    await using runner = await system.startRunner({ flags });
    await system.api[Symbol.asyncDispose]();
    await system.startApi({ flags });
    await system.behave({ steps: 600, stepMs: 10 });
    const began = performance.now();
    const { runId, recorder } = await system.startRun({ timeoutSeconds: 600 });
    for (let jump = 1; jump <= 4; jump++) {
      await lineReached(system, runId, jump * 60);
      for (const member of [runner, system.api]) {
        member.signal('SIGUSR2');
        const jumped = () => member.output().split('the clock is off').length === jump + 1;
        await until('the clock jumps', jumped);
      }
    }
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
    const { run, attempt, events } = await timesOf(system, runId);
    const most = (performance.now() - began) / 1000;
    for (const seconds of [run, attempt]) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(most);
    }
    expect(events).toEqual(events.toSorted((a, b) => a - b));
    await system.api[Symbol.asyncDispose]();
    await system.startApi();
  });
});

describe('a lease that the clock of the database ends early', () => {
  test('costs a further attempt and nothing else', async ({ system }) => {
    await system.behave({ steps: 400, stepMs: 10 });
    await using _first = await system.startRunner();
    await using _second = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    const lapse = `UPDATE run_attempts SET lease_until = clock_timestamp() - interval '1 hour'
                   WHERE run_id = $1 AND status = 'RUNNING'`;
    // A renewal may come between it and the look of a reaper.
    await until('the attempt is lost', async () => {
      await system.sql.query(lapse, [runId]);
      return (await attemptsOf(system, runId))[0] === 'LOST';
    });
    await attemptBegins(system, runId, 2);
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['LOST', 'COMPLETED']);
  });
});
