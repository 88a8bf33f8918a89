import fc from 'fast-check';
import type { App } from '../../app.ts';
import { drainRunner } from '../../runners/drain.ts';
import { makeDataset, makeRun } from '../../test/make.ts';
import { makeRunner } from '../../test/makeRunner.ts';
import { queueRun, until } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { cancelRun } from '../cancel.ts';
import { claimRun } from '../lease.ts';
import { pauseQueue, resumeQueue } from './pause.ts';
import { queuePosition } from './pending.ts';
import { setRunPriority } from './priority.ts';
import { takeRun } from './take.ts';

let datasetId: string;

test.beforeAll(async ({ app }) => {
  datasetId = (await makeDataset(app)).id;
});

test.beforeEach(async ({ app }) => {
  await empty(app);
});

/** No run waits, no runner lives, nothing is paused. */
const empty = (app: App) =>
  app.sql.query(`
    UPDATE runs SET status = 'CANCELLED', finished_at = now() WHERE status = 'PENDING';
    UPDATE runners SET stopped_at = now();
    DELETE FROM run_queues`);

const wait = (app: App, data: Parameters<typeof makeRun>[2] = {}) =>
  makeRun(app, datasetId, { status: 'PENDING', ...data });

const take = async (app: App, runner: { id: string }) =>
  (await takeRun(app, runner.id, 15))?.runId ?? null;

describe('takeRun', () => {
  test('takes what requires nothing, or only labels the runner offers', async ({ app }) => {
    const runner = await makeRunner(app, { labels: ['cpu', 'large'] });
    await wait(app, { requiredLabels: ['gpu'], priority: 9 });
    await wait(app, { requiredLabels: ['gpu', 'large'], priority: 8 });
    const both = await wait(app, { requiredLabels: ['cpu', 'large'], priority: 7 });
    const none = await wait(app);
    expect(await take(app, runner)).toBe(both.id);
    expect(await take(app, runner)).toBe(none.id);
    expect(await take(app, runner)).toBeNull();
  });

  test('leaves a LOCAL run to a runner that can execute it', async ({ app }) => {
    const runtime = { ready: false, message: 'No Python.', devices: [] };
    const bare = await makeRunner(app, { runtime });
    const local = await wait(app, { priority: 1 });
    const dry = await wait(app, { mode: 'DRY_RUN' });
    expect(await take(app, bare)).toBe(dry.id);
    expect(await take(app, bare)).toBeNull();
    expect(await take(app, await makeRunner(app))).toBe(local.id);
  });

  test('leaves a run whose model it lacks to a runner that has it', async ({ app }) => {
    const saying = (models: string[]) => ({
      runtime: { ready: true, message: 'It is ready.', devices: [], models },
    });
    const without = await makeRunner(app, saying(['tiny']));
    const rare = await wait(app, { modelId: 'rare', priority: 1 });
    const plain = await wait(app);
    expect(await take(app, without)).toBe(plain.id);
    expect(await take(app, without)).toBeNull();
    expect(await take(app, await makeRunner(app, saying(['rare'])))).toBe(rare.id);
    // A runner of a version that says nothing of models may try.
    const older = await wait(app, { modelId: 'rare' });
    expect(await take(app, await makeRunner(app))).toBe(older.id);
  });

  test('takes nothing from a paused queue until it is resumed', async ({ app }) => {
    const runner = await makeRunner(app, { labels: ['gpu'] });
    const run = await wait(app, { requiredLabels: ['gpu'] });
    const other = await wait(app);
    await pauseQueue(app, { labels: ['gpu'] });
    expect(await take(app, runner)).toBe(other.id);
    expect(await take(app, runner)).toBeNull();
    await resumeQueue(app, { labels: ['gpu'] });
    expect(await take(app, runner)).toBe(run.id);
  });

  test('takes nothing for a runner that drains or has stopped', async ({ app }) => {
    const runner = await makeRunner(app);
    const run = await wait(app);
    await drainRunner(app, runner.id, true);
    expect(await take(app, runner)).toBeNull();
    await drainRunner(app, runner.id, false);
    expect(await take(app, runner)).toBe(run.id);
    await wait(app);
    const stopped = await makeRunner(app, { stoppedAt: new Date() });
    expect(await take(app, stopped)).toBeNull();
  });

  test('writes run, attempt, event and lease as one, with the first line it may write', async ({
    app,
  }) => {
    const runner = await makeRunner(app);
    const { id } = await wait(app, { epoch: 3, lastLogSeq: 41, lastMetricSeq: 7 });
    const lease = await takeRun(app, runner.id, 15);
    expect(lease).toMatchObject({ runId: id, epoch: 4, lastLogSeq: 41, lastMetricSeq: 7 });
    const run = await app.db.run.findUniqueOrThrow({
      where: { id },
      include: { attempts: true, events: true },
    });
    expect(run).toMatchObject({
      status: 'RUNNING',
      epoch: 4,
      version: 1,
      attempts: [{ epoch: 4, runnerId: runner.id, status: 'RUNNING', firstLogSeq: 42n }],
      events: [{ seq: 1n, attempt: 4, kind: 'CLAIMED', data: { runnerId: runner.id } }],
    });
    expect(run.startedAt).not.toBeNull();
  });

  test('gives each run to one of many runners that look at the same moment', async ({ app }) => {
    const runners = await Promise.all(Array.from({ length: 4 }, () => makeRunner(app)));
    const runs = await Promise.all(Array.from({ length: 500 }, () => wait(app)));
    const taken: string[] = [];
    await Promise.all(
      runners.map(async (runner) => {
        for (let id = await take(app, runner); id; id = await take(app, runner)) taken.push(id);
      }),
    );
    expect(taken.toSorted()).toEqual(runs.map(({ id }) => id).toSorted());
    const attempts = await app.db.runAttempt.count({ where: { runId: { in: taken } } });
    expect(attempts).toBe(500);
  });

  test('takes in the order that queuePosition tells, over queues and priorities', async ({
    app,
  }) => {
    const kind = fc.record({
      requiredLabels: fc.subarray(['a', 'b', 'c']),
      priority: fc.integer({ min: -2, max: 2 }),
      mode: fc.constantFrom('LOCAL' as const, 'DRY_RUN' as const),
      modelId: fc.constantFrom('tiny', 'rare'),
      // Few times, so that ids decide too.
      queuedAt: fc.integer({ min: 1, max: 3 }).map((second) => new Date(second * 1000)),
      moveTo: fc.option(fc.integer({ min: -2, max: 2 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind, { minLength: 1, maxLength: 12 }),
        fc.subarray(['a', 'b', 'c']),
        fc.boolean(),
        fc.option(fc.subarray(['tiny', 'rare']), { nil: undefined }),
        async (kinds, labels, paused, models) => {
          await empty(app);
          const runtime = { ready: true, message: '', devices: [], ...(models && { models }) };
          const runner = await makeRunner(app, { labels, runtime });
          if (paused) await pauseQueue(app, { labels: ['a'] });
          const ids: string[] = [];
          for (const { moveTo, ...data } of kinds) {
            const { id } = await wait(app, data);
            if (moveTo !== null) await setRunPriority(app, id, moveTo);
            ids.push(id);
          }
          const runs = await app.db.run.findMany({ where: { id: { in: ids } } });
          const mine = runs.filter(
            ({ requiredLabels, modelId }) =>
              requiredLabels.every((label) => labels.includes(label)) &&
              (!models || models.includes(modelId)) &&
              !(paused && requiredLabels.join() === 'a'),
          );
          const predicted = new Map<number, string>();
          for (const run of mine) {
            predicted.set((await queuePosition(app.sql, run)) ?? -1, run.id);
          }
          const taken: string[] = [];
          for (let id = await take(app, runner); id; id = await take(app, runner)) taken.push(id);
          expect(taken).toEqual(mine.map((_, index) => predicted.get(index)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the job of a run that waits', () => {
  const jobsOf = async (app: App, id: string) => {
    const { rows } = await app.sql.query<{ name: string; state: string; priority: number }>(
      `SELECT name, state::text, priority FROM pgboss.job WHERE data->>'runId' = $1
       ORDER BY created_on`,
      [id],
    );
    return rows;
  };

  test('stands in the queue of its labels, and is done with the claim', async ({ app }) => {
    const runner = await makeRunner(app, { labels: ['gpu', 'x'] });
    const { id } = await queueRun(app, { mode: 'DRY_RUN', requiredLabels: ['x', 'gpu', 'x'] });
    const name = 'runs.execute.gpu/x';
    expect(await jobsOf(app, id)).toEqual([{ name, state: 'created', priority: 0 }]);
    await setRunPriority(app, id, 5);
    expect(await jobsOf(app, id)).toEqual([{ name, state: 'created', priority: 5 }]);
    expect(await take(app, runner)).toBe(id);
    expect(await jobsOf(app, id)).toEqual([{ name, state: 'completed', priority: 5 }]);
  });

  test('is done with the cancelling of a run that waits', async ({ app }) => {
    const { id } = await queueRun(app, { mode: 'DRY_RUN' });
    await cancelRun(app, id, 'SAVE');
    expect(await jobsOf(app, id)).toMatchObject([{ name: 'runs.execute', state: 'completed' }]);
  });

  test('is not needed for the run to be taken', async ({ app }) => {
    const runner = await makeRunner(app);
    const { id } = await queueRun(app, { mode: 'DRY_RUN' });
    await app.sql.query(`DELETE FROM pgboss.job WHERE data->>'runId' = $1`, [id]);
    expect(await take(app, runner)).toBe(id);
  });
});

describe('a cancel inside the window of a claim', () => {
  test('is seen by whoever comes second, in either order', async ({ app }) => {
    const runner = await makeRunner(app);
    const outcomes = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const { id } = await wait(app);
      // Both stand at the row's lock before either may have it.
      const gate = await app.sql.connect();
      await gate.query('BEGIN');
      await gate.query('SELECT FROM runs WHERE id = $1 FOR UPDATE', [id]);
      const blocked = async () => {
        const { rows } = await app.sql.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows[0]?.count;
      };
      const claim = () => claimRun(app, id, runner.id, 15);
      const cancel = () => cancelRun(app, id, 'NOW');
      const first = round % 2 === 0 ? claim() : cancel();
      await until(async () => (await blocked()) === 1, 2);
      const second = round % 2 === 0 ? cancel() : claim();
      await until(async () => (await blocked()) === 2, 2);
      await gate.query('COMMIT');
      gate.release();
      await Promise.all([first, second]);
      const run = await app.db.run.findUniqueOrThrow({
        where: { id },
        include: { attempts: true },
      });
      expect(run.attempts).toHaveLength(run.status === 'RUNNING' ? 1 : 0);
      expect(run.cancelRequestedAt).not.toBeNull();
      outcomes.add(run.status);
    }
    expect([...outcomes].toSorted()).toEqual(['CANCELLED', 'RUNNING']);
  });
});
