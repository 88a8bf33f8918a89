import { makeCompletedRun, makeDataset, makeEvaluation, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { evaluate, requestEvaluation } from './evaluate.ts';
import { followLeaderboard } from './leaderboardFollow.ts';

describe('followLeaderboard', () => {
  test('tells each completed evaluation once, and nothing of other boards', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['1', '2'] });
    await makeEvaluation(app, await makeRun(app, dataset.id));
    await using changes = followLeaderboard(app, { filter: { datasetKey: dataset.key } });
    const first = await changes.next();
    expect(first.value).toMatchObject({ runIds: [] });
    const other = await makeDataset(app);
    await makeEvaluation(app, await makeRun(app, other.id));
    const runs = [];
    for (const text of ['Answer: 1', 'Answer: 2']) {
      const run = await makeCompletedRun(app, dataset, [text, text]);
      const { id } = await requestEvaluation(app, { runId: run.id });
      await evaluate(app, id);
      runs.push(run.id);
    }
    const told: string[] = [];
    while (told.length < 2) told.push(...((await changes.next()).value?.runIds ?? []));
    expect(told).toEqual(runs);
  });

  test('begins with nothing where there is no board, then tells the first', async ({ app }) => {
    const dataset = await makeDataset(app);
    await using changes = followLeaderboard(app, { filter: { datasetKey: dataset.key } });
    const next = changes.next();
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run);
    app.bell.ring('evaluations');
    expect((await next).value).toMatchObject({ runIds: [run.id], at: expect.any(Date) });
  });

  test('ends when its reader leaves', async ({ app }) => {
    const changes = followLeaderboard(app, { filter: { datasetKey: 'none' } });
    const next = changes.next();
    await changes.return();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});
