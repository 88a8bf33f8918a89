/** Drills that need the real lease, and faults that come while another lasts. */
import { isAlive } from '../../system.ts';
import { zombieDrill } from '../drills.ts';
import { attemptsOf, cancel, lineReached, runOf, statusIs, trainerOf } from '../look.ts';
import { describe, expect, test } from '../test.ts';
import { until } from '../until.ts';

describe('a runner that is frozen for 30 s, with the lease of the product', () => {
  test('writes nothing more, ends its trainer, and does not end the run', async ({ system }) => {
    await zombieDrill(system, 15, 30);
  });
});

describe('a run that is cancelled', () => {
  test('while its runner is cut off is recorded at once and ends by the lease', async ({
    system,
  }) => {
    await system.behave({ steps: 1_000_000, stepMs: 10 });
    await using runner = await system.startRunner();
    const { globalId, runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    const trainer = await trainerOf(system, runId);
    runner.line.set('hold');
    expect(await cancel(system, globalId, 'NOW')).toMatchObject({ __typename: 'CancelRunPayload' });
    expect(await runOf(system, runId)).toMatchObject({ cancel_mode: 'NOW' });
    await until('the trainer is gone', async () => !(await isAlive(trainer)));
    await using _reaper = await system.startRunner();
    await statusIs(system, runId, 'CANCELLED');
    runner.line.set('pass');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['LOST']);
  });

  test('while the database is away is refused, and works when it is back', async ({ system }) => {
    await system.behave({ steps: 1_000_000, stepMs: 10 });
    await using _runner = await system.startRunner({ settings: { LEASE_SECONDS: '15' } });
    const { globalId, runId, recorder } = await system.startRun();
    await lineReached(system, runId, 20);
    await system.postgres.crash();
    await expect(cancel(system, globalId, 'NOW')).rejects.toThrow();
    await system.postgres.start();
    await until('the cancel is taken', async () => {
      const { __typename } = await cancel(system, globalId, 'NOW');
      return __typename === 'CancelRunPayload';
    });
    await statusIs(system, runId, 'CANCELLED');
    await recorder.complete;
    expect(await attemptsOf(system, runId)).toEqual(['CANCELLED']);
  });
});
