import type { App } from '../app.ts';
import { runOn } from '../test/database.ts';
import { openJudge, PASS, readEvaluation, requestByModel } from '../test/judgeRig.ts';
import { makeCompletedRun, makeDataset } from '../test/make.ts';
import { until, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { startWork } from '../work.ts';
import { cancelEvaluation } from './cancel.ts';
import { requestEvaluation } from './evaluate.ts';

/** Does something while a number of runners work. */
async function whileRunning(app: App, runners: number, task: () => Promise<void>) {
  const rig = await withStandIn(app);
  const works = await Promise.all(Array.from({ length: runners }, () => startWork(rig)));
  try {
    await task();
  } finally {
    await Promise.all(works.map((work) => work.stop()));
  }
}

/** Waits for the end of an evaluation; a lost connection is no end. */
const ended = (app: App, id: string) =>
  until(async () => {
    const evaluation = await readEvaluation(app, id).catch(() => null);
    return evaluation?.finishedAt && evaluation;
  });

describe('evaluations on runners', () => {
  test('ask about each item once, with two runners', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ reply: PASS }));
    await whileRunning(judge.app, 2, async () => {
      const requested = [await requestByModel(judge.app, 10), await requestByModel(judge.app, 10)];
      for (const { id } of requested) {
        expect(await ended(app, id)).toMatchObject({ status: 'COMPLETED', judgedCount: 10 });
      }
    });
    expect(judge.askedItems()).toEqual([...Array(10).keys()].flatMap((item) => [item, item]));
  });

  test('by rules do not wait for one by a slow model', async ({ app }) => {
    await using judge = await openJudge(app, () => ({ misbehave: 'HANG' }), { timeoutSeconds: 60 });
    await whileRunning(judge.app, 1, async () => {
      const slow = await requestByModel(judge.app, 1);
      await until(async () => judge.server.asked.length === 1);
      const run = await makeCompletedRun(app, await makeDataset(app, { test: ['1'] }), ['A: 1']);
      const quick = await requestEvaluation(judge.app, { runId: run.id });
      expect(await ended(app, quick.id)).toMatchObject({ status: 'COMPLETED' });
      expect(await readEvaluation(app, slow.id)).toMatchObject({ status: 'RUNNING' });
      await cancelEvaluation(app, slow.id);
    });
  });

  test('go on with what is left after the database was away', async ({ app }) => {
    let isHeld = true;
    await using judge = await openJudge(
      app,
      (item) => (isHeld && item > 3 ? { misbehave: 'HANG' } : { reply: PASS }),
      { concurrency: 1, timeoutSeconds: 60 },
    );
    await whileRunning(judge.app, 1, async () => {
      const { id } = await requestByModel(judge.app, 8);
      await until(async () => (await readEvaluation(app, id)).judgedCount === 4);
      await until(async () => judge.server.asked.length === 5);
      isHeld = false;
      await runOn(
        app.sql.options.connectionString ?? '',
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      expect(await ended(app, id)).toMatchObject({ status: 'COMPLETED', judgedCount: 8 });
    });
    expect(judge.askedItems()).toEqual([0, 1, 2, 3, 4, 4, 5, 6, 7]);
  });
});
