/** Trainers that are killed, do not listen, or hold on to what they should let go. */
import { randomBytes } from 'node:crypto';
import { readChunks, storedBytes } from './invariants.ts';
import { cancel, lineReached, runOf, statusIs, trainerOf } from './look.ts';
import { describe, expect, test } from './test.ts';

describe('a trainer', () => {
  test('that is killed ends the attempt within 2 s, with its signal and its last line', async ({
    system,
  }) => {
    await system.behave({ steps: 1_000_000, stepMs: 10 });
    await using _runner = await system.startRunner();
    const { runId, recorder } = await system.startRun({ maxAttempts: 1 });
    await lineReached(system, runId, 20);
    process.kill(await trainerOf(system, runId), 'SIGKILL');
    const killedAt = performance.now();
    await statusIs(system, runId, 'FAILED');
    expect(performance.now() - killedAt).toBeLessThan(2_000);
    expect(await runOf(system, runId)).toMatchObject({ exit_signal: 'SIGKILL', exit_code: null });
    await recorder.complete;
  });

  test('that ignores the request to stop is killed after its grace, with all its children', async ({
    system,
  }) => {
    const grandchild = randomBytes(8).toString('hex');
    await system.behave({ steps: 1_000_000, stepMs: 10, onTerm: 'ignore', grandchild });
    await using _runner = await system.startRunner();
    const { globalId, runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    await cancel(system, globalId, 'SAVE');
    const { exit_signal: signal } = await statusIs(system, runId, 'CANCELLED', 10);
    expect(signal).toBe('SIGKILL');
    await recorder.complete;
  });

  test('that closes its stdout trains on to its end', async ({ system }) => {
    await system.behave({ steps: 100, stepMs: 10, closeStdoutAt: 20 });
    await using _runner = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    expect(await statusIs(system, runId, 'COMPLETED')).toMatchObject({ step: 100 });
    await recorder.complete;
    const out = storedBytes(await readChunks(system.sql, runId), 1, 'STDOUT').toString();
    expect(out.trimEnd().split('\n').at(-1)).toBe('step 20');
  });

  test('whose child holds the pipe ends the run all the same', async ({ system }) => {
    const grandchild = randomBytes(8).toString('hex');
    await system.behave({ steps: 3, grandchild });
    await using _runner = await system.startRunner();
    const { runId, recorder } = await system.startRun();
    await statusIs(system, runId, 'COMPLETED', 15);
    await recorder.complete;
  });
});

describe('a run that nobody has taken', () => {
  test('is cancelled when that is answered, and no runner starts it later', async ({ system }) => {
    const { globalId, runId, recorder } = await system.startRun();
    await cancel(system, globalId, 'SAVE');
    expect(await runOf(system, runId)).toMatchObject({ status: 'CANCELLED' });
    await recorder.complete;
    await system.behave({ steps: 3 });
    await using _runner = await system.startRunner();
    const other = await system.startRun();
    await statusIs(system, other.runId, 'COMPLETED');
    await other.recorder.complete;
    expect(await runOf(system, runId)).toMatchObject({ status: 'CANCELLED', epoch: 0 });
  });
});
