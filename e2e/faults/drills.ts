/** Sequences that are run with short leases on every change and with the real ones at night. */
import { expect } from 'vitest';
import { isAlive } from '../system.ts';
import { readChunks, storedBytes } from './invariants.ts';
import {
  attemptBegins,
  attemptsOf,
  cancel,
  lineReached,
  runOf,
  statusIs,
  trainerOf,
} from './look.ts';
import type { FaultSystem } from './system.ts';
import { until } from './until.ts';

/**
 * A runner freezes, another one takes its run over, and the frozen one wakes up and goes on as if
 * nothing had been: none of its writes counts, and its trainer is ended.
 * @param frozen seconds for which it is frozen at least.
 */
export async function zombieDrill(
  system: FaultSystem,
  leaseSeconds: number,
  frozen = 0,
): Promise<void> {
  const settings = { LEASE_SECONDS: String(leaseSeconds) };
  await system.behave({ steps: 1_000_000, stepMs: 20 });
  await using zombie = await system.startRunner({ settings });
  const { globalId, runId, recorder } = await system.startRun();
  await lineReached(system, runId, 20);
  const trainer = await trainerOf(system, runId);
  zombie.signal('SIGSTOP');
  const frozenAt = performance.now();
  // It goes on from where the frozen one's trainer is, which still trains.
  await system.behave({ steps: 1_000_000, stepMs: 20 });
  await using _heir = await system.startRunner({ settings });
  await attemptBegins(system, runId, 2);
  const before = await readChunks(system.sql, runId);
  await lineReached(system, runId, (await runOf(system, runId)).last_log_seq + 20);
  await until(
    'the runner was frozen for long enough',
    () => performance.now() - frozenAt >= frozen * 1000,
    { seconds: frozen + 1 },
  );

  zombie.signal('SIGCONT');
  await until('the trainer of the zombie is gone', async () => !(await isAlive(trainer)), {
    seconds: 5,
  });
  await until('the zombie says that it lost the run', () => /fenced/.test(zombie.output()));
  const now = await runOf(system, runId);
  expect(now).toMatchObject({ status: 'RUNNING', epoch: 2 });
  // Its job is over too; that must not end the run.
  await lineReached(system, runId, now.last_log_seq + 20);
  await cancel(system, globalId, 'NOW');
  await statusIs(system, runId, 'CANCELLED');
  await recorder.complete;
  expect(await attemptsOf(system, runId)).toEqual(['LOST', 'CANCELLED']);
  const after = await readChunks(system.sql, runId);
  for (const stream of ['STDOUT', 'SYSTEM']) {
    const isSame = storedBytes(after, 1, stream).equals(storedBytes(before, 1, stream));
    expect(isSame, `${stream} of attempt 1 is as it was when it was taken over`).toBe(true);
  }
}
