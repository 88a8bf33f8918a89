/** A database that crashes, ends connections, or whose clock is off. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { attemptBegins, attemptsOf, lineReached, runOf, statusIs } from './look.ts';
import { describe, expect, test } from './test.ts';
import { until } from './until.ts';

describe('a PostgreSQL that crashes during a run', () => {
  test('and comes back costs no line and no attempt, three times', async ({ system, random }) => {
    await system.behave({ steps: 600, stepMs: 10 });
    await using runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
    const { runId, recorder } = await system.startRun();
    for (let crash = 1; crash <= 3; crash++) {
      const before = await until('the run is read', () => runOf(system, runId));
      await lineReached(system, runId, before.last_log_seq + 20 + random.below(60));
      await system.postgres.crash();
      const refused = system.client.request('{ runs(first: 1) { edges { cursor } } }');
      await expect(refused, 'the API answers without its database').rejects.toThrow();
      await system.postgres.start();
    }
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
    for (const member of [runner, system.api]) expect(member.output()).not.toMatch(/uncaught/i);
  });
});

describe('connections to the database', () => {
  test('can all be ended once a second, and nobody notices', async ({ system }) => {
    await system.behave({ steps: 800, stepMs: 10 });
    await using _runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    let ended = 0;
    for (let round = 0; round < 8; round++) {
      const { rowCount } = await system.sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      ended += rowCount ?? 0;
      await pause(1_000); // the fault is defined by its rhythm
    }
    expect(ended).toBeGreaterThan(8 * 4);
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
  });
});

describe('a wall clock that jumps by hours', () => {
  test('ends no lease, no wait and no run', async ({ system }) => {
    const flags = ['--import', resolve('e2e/faults/shiftClock.ts')];
    await using runner = await system.startRunner({ flags });
    await system.api[Symbol.asyncDispose]();
    await system.startApi({ flags });
    await system.behave({ steps: 600, stepMs: 10 });
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
