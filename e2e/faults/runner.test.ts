/** Runners that die, stop, freeze or are cut off. */
import { randomBytes } from 'node:crypto';
import { isAlive } from '../system.ts';
import { zombieDrill } from './drills.ts';
import { readChunks } from './invariants.ts';
import { attemptBegins, attemptsOf, lineReached, runOf, statusIs, trainerOf } from './look.ts';
import type { StartedRun } from './system.ts';
import { describe, expect, test } from './test.ts';
import { until } from './until.ts';

describe('a runner that is killed', () => {
  test('takes its trainer along, and another one has the run within 20 s', async ({
    system,
    random,
  }) => {
    await system.behave({ steps: 400, stepMs: 10 });
    await using first = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20 + random.below(60));
    const trainer = await trainerOf(system, runId);
    await using _second = await system.startRunner();
    const killedAt = performance.now();
    first.signal('SIGKILL');
    await until('the trainer is gone', async () => !(await isAlive(trainer)), { seconds: 5 });
    await until('a second attempt', async () => (await runOf(system, runId)).epoch === 2);
    expect(performance.now() - killedAt).toBeLessThan(20_000);
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['LOST', 'COMPLETED']);
    const said = (await readChunks(system.sql, runId)).filter(({ stream }) => stream === 'SYSTEM');
    expect(said.map(({ data }) => data.toString()).join('')).toMatch(
      /attempt 1\b[\s\S]*attempt 2\b/,
    );
  });

  test('and started again leaves no process behind, not even a daemon of its trainer', async ({
    system,
  }) => {
    const marker = randomBytes(8).toString('hex');
    await system.behave({ steps: 100, stepMs: 10, grandchild: marker, daemon: true });
    await using first = await system.startRunner();
    const { runId } = await system.startRun();
    await lineReached(system, runId, 10);
    first.signal('SIGKILL');
    await first.ended;
    await system.behave({ steps: 100, stepMs: 10 });
    await using _second = await system.startRunner();
    await statusIs(system, runId, 'COMPLETED');
    // The check after each test finds whatever is left.
  });
});

describe('a runner that freezes and wakes up after its run was taken over', () => {
  test('writes nothing more, ends its trainer, and does not end the run', async ({ system }) => {
    await zombieDrill(system, 3);
  });
});

describe('a runner that is cut off from the database', () => {
  test('ends its trainer before its lease is over, and what it wrote late does not count', async ({
    system,
  }) => {
    await system.behave({ steps: 1_000_000, stepMs: 10 });
    await using cut = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    const trainer = await trainerOf(system, runId);
    cut.line.set('hold');
    await until('the trainer is gone', async () => !(await isAlive(trainer)));
    const { rows } = await system.sql.query(
      'SELECT lease_until > clock_timestamp() AS held FROM run_attempts WHERE run_id = $1',
      [runId],
    );
    expect(rows).toEqual([{ held: true }]);
    await system.behave({ steps: 10, stepMs: 10 });
    await using _other = await system.startRunner();
    await attemptBegins(system, runId, 2);
    cut.line.set('pass');
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['LOST', 'COMPLETED']);
    await until('the runner says that it lost the run', () => /fenced/.test(cut.output()));
  });
});

describe('a runner that is asked to stop', () => {
  test('gives its run back after a checkpoint, and the next one goes on from there', async ({
    system,
  }) => {
    await system.behave({ steps: 300, stepMs: 10 });
    await using first = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await lineReached(system, runId, 30);
    // Asked before the other is there, which may take as long as the run.
    first.signal('SIGTERM');
    await using _second = await system.startRunner();
    expect(await first.ended).toBe(0);
    await statusIs(system, runId, 'COMPLETED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['RELEASED', 'COMPLETED']);
    const run = await runOf(system, runId);
    expect(run).toMatchObject({ failed_attempts: 0, step: 300 });
    const out = await readChunks(system.sql, runId);
    const lines = out
      .filter(({ stream }) => stream === 'STDOUT')
      .map(({ data }) => data.toString());
    const steps = Array.from({ length: 300 }, (_, index) => `step ${index + 1}\n`);
    expect(lines.join('')).toBe(steps.join(''));
  });
});

describe('two runners of one name', () => {
  test('are two, and each run is trained by one of them', async ({ system }) => {
    const settings = { RUNNER_NAME: 'twin' };
    await system.behave({ steps: 30, stepMs: 10 });
    await using first = await system.startRunner({ settings });
    await using second = await system.startRunner({ settings });
    expect(first.id).not.toBe(second.id);
    const started: StartedRun[] = [];
    for (let i = 0; i < 4; i++) started.push(await system.startRun());
    for (const { runId, recorder } of started) {
      await statusIs(system, runId, 'COMPLETED');
      await recorder.complete;
      expect(await attemptsOf(system, runId)).toEqual(['COMPLETED']);
    }
  });
});
