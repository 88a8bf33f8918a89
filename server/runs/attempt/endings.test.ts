/** Ends that meet: a natural one and a cancel, one that failed and may be tried again. */
import type { App } from '../../app.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { makeRunner } from '../../test/makeRunner.ts';
import { behave, queueRun, until, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { cancelRun } from '../cancel.ts';
import { claimRun, LeaseLostError } from '../lease.ts';
import { takeRun } from '../queue/take.ts';
import { reapLapsedAttempts } from '../reap.ts';
import { executeRun } from './execute.ts';
import { finishAttempt } from './finish.ts';
import { completed, failed } from './outcome.ts';

const never = new AbortController().signal;
const NOTHING = { files: [], predictions: [], logTail: 'the end' };
const FINAL = ['COMPLETED', 'FAILED', 'TIMEOUT', 'CANCELLED'];

async function claimed(app: App, data: Parameters<typeof makeRun>[2] = {}) {
  const { id: datasetId } = await makeDataset(app, { train: 0, eval: 0, test: 1 });
  const { id } = await makeRun(app, datasetId, { status: 'PENDING', ...data });
  const lease = await claimRun(app, id, (await makeRunner(app)).id, 15);
  if (!lease) throw new Error('not claimed');
  return lease;
}

const runOf = (app: App, id: string) =>
  app.db.run.findUniqueOrThrow({
    where: { id },
    include: { attempts: { orderBy: { epoch: 'asc' } }, events: { orderBy: { seq: 'asc' } } },
  });

describe('a cancel against the natural end', () => {
  test('leaves one final status of 500, and the exit code', async ({ app }) => {
    const races = Array.from({ length: 502 }, (_, race) => race);
    const seen = new Set<string>();
    const runRace = async (race: number) => {
      const lease = await claimed(app);
      const { runId } = lease;
      const end = () => finishAttempt(app, lease, completed, NOTHING, never);
      // Ended first, the run refuses; that is an answer too.
      const cancel = () => cancelRun(app, runId, 'NOW').catch(() => null);
      const [first, second] = race % 2 === 0 ? [end, cancel] : [cancel, end];
      // Who wins a race is the machine's choice; one of each order is none, so both are seen.
      const begun = first();
      if (race < 2) await begun;
      await Promise.all([begun, second()]);
      const run = await runOf(app, runId);
      const kinds = run.events.map(({ kind }) => kind);
      expect(run).toMatchObject({ status: 'COMPLETED', exitCode: 0, attempts: [{ exitCode: 0 }] });
      expect(kinds.filter((kind) => FINAL.includes(kind))).toEqual(['COMPLETED']);
      expect(run.events.map(({ seq }) => Number(seq))).toEqual(kinds.map((_, i) => i + 1));
      seen.add(kinds.join());
    };
    const lanes = Array.from({ length: 8 }, async () => {
      for (let race = races.pop(); race !== undefined; race = races.pop()) await runRace(race);
    });
    await Promise.all(lanes);
    expect([...seen].toSorted()).toEqual([
      'CLAIMED,CANCEL_REQUESTED,COMPLETED',
      'CLAIMED,COMPLETED',
    ]);
  }, 120_000);
});

describe('an attempt whose training fails', () => {
  test('is tried again while attempts are left, when the run asks for it', async ({
    app: base,
  }) => {
    const app = await withStandIn(base);
    await behave(app, { steps: 3, at: { step: 2, do: 'fail' } });
    const { id } = await queueRun(app, { retryOnFailure: true, maxAttempts: 2 });
    const runner = { id: (await makeRunner(app)).id, shutdown: never };
    await executeRun(app, runner, id);
    const once = await runOf(app, id);
    expect(once).toMatchObject({ status: 'PENDING', failedAttempts: 1, finishedAt: null });
    expect(once.attempts).toMatchObject([{ status: 'FAILED', exitCode: 1 }]);
    expect(once.events.at(-1)).toMatchObject({
      kind: 'ATTEMPT_FAILED',
      attempt: 1,
      data: { reason: 'Training failed with exit code 1: ValueError: bad luck' },
    });
    await behave(app, { steps: 3 });
    await executeRun(app, runner, id);
    expect(await runOf(app, id)).toMatchObject({ status: 'COMPLETED', epoch: 2, exitCode: 0 });
  });

  test('ends the run when no attempts are left, with what it failed of', async ({ app }) => {
    const lease = await claimed(app, { retryOnFailure: true, maxAttempts: 1 });
    await finishAttempt(app, lease, failed('Out of luck.'), NOTHING, never);
    const run = await runOf(app, lease.runId);
    expect(run).toMatchObject({
      status: 'FAILED',
      error: 'Out of luck. No attempts are left (maxAttempts 1).',
    });
    expect(run.events.map(({ kind }) => kind)).toEqual(['CLAIMED', 'ATTEMPT_FAILED', 'FAILED']);
  });

  test('ends the run at once when it does not ask for it', async ({ app }) => {
    const lease = await claimed(app);
    await finishAttempt(app, lease, failed('Out of luck.'), NOTHING, never);
    expect(await runOf(app, lease.runId)).toMatchObject({
      status: 'FAILED',
      error: 'Out of luck.',
    });
  });

  test('ends a run that somebody cancelled meanwhile', async ({ app }) => {
    const lease = await claimed(app, { retryOnFailure: true });
    await cancelRun(app, lease.runId, 'SAVE');
    await finishAttempt(app, lease, failed('Out of luck.'), NOTHING, never);
    expect(await runOf(app, lease.runId)).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('a runner that wakes after its run was taken over', () => {
  test('ends nothing: neither the run nor the job of the next attempt', async ({ app }) => {
    const zombie = await claimed(app, { maxAttempts: 5 });
    const { runId } = zombie;
    const lapse = () =>
      app.sql.query(`UPDATE run_attempts SET lease_until = 'epoch' WHERE run_id = $1`, [runId]);
    await lapse();
    await until(async () => (await reapLapsedAttempts(app)) > 0);
    const end = () => finishAttempt(app, zombie, completed, NOTHING, never);
    await expect(end()).rejects.toThrow(LeaseLostError);
    const jobs = async () => {
      const { rows } = await app.sql.query<{ state: string }>(
        `SELECT state::text FROM pgboss.job WHERE data->>'runId' = $1 ORDER BY created_on`,
        [runId],
      );
      return rows.map(({ state }) => state);
    };
    expect(await jobs()).toEqual(['created']);
    const next = await takeRun(app, (await makeRunner(app)).id, 15);
    expect(next).toMatchObject({ runId, epoch: 2 });
    await expect(end()).rejects.toThrow(LeaseLostError);
    expect(await jobs()).toEqual(['completed']);
    const run = await runOf(app, runId);
    expect(run).toMatchObject({ status: 'RUNNING', epoch: 2, exitCode: null });
    expect(run.attempts.map(({ status }) => status)).toEqual(['LOST', 'RUNNING']);
  });
});
