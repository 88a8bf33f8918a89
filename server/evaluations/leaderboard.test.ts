import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { makeDataset, makeEvaluation, makeEvaluationSet, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { countLeaderboard, type LeaderboardRow, readLeaderboard } from './leaderboard.ts';

/** A dataset with one run and one evaluation for each number of right answers among 10. */
async function makeBoard(app: App, counts: number[]) {
  const dataset = await makeDataset(app);
  const runs = [];
  for (const correct of counts) {
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct, items: 10 });
    runs.push(run);
  }
  return { runs, filter: { datasetKey: dataset.key }, dataset };
}

async function readAll(app: App, input: Parameters<typeof readLeaderboard>[1]) {
  const rows: LeaderboardRow[] = [];
  for (let after: string | null = null; ; ) {
    const page = await readLeaderboard(app.sql, { ...input, after });
    rows.push(...page.rows);
    if (!page.hasNextPage) return rows;
    after = page.rows.at(-1)?.cursor ?? null;
  }
}

describe('readLeaderboard', () => {
  test('ranks the best first; ties share a rank and leave the next one out', async ({ app }) => {
    const { filter } = await makeBoard(app, [5, 9, 9, 7, 7, 7, 1]);
    const { rows, hasNextPage } = await readLeaderboard(app.sql, { filter });
    expect(rows.map(({ rank, value }) => [rank, value])).toEqual([
      [1, 90],
      [1, 90],
      [3, 70],
      [3, 70],
      [3, 70],
      [6, 50],
      [7, 10],
    ]);
    expect(hasNextPage).toBe(false);
  });

  test.for([1, 2, 3, 4, 7, 100])(
    'pages of %i over ties have no gap and no repeat',
    async (first, { app }) => {
      const { filter, runs } = await makeBoard(app, [7, 7, 7, 7, 0, 0, 7]);
      const rows = await readAll(app, { filter, first });
      expect(rows.map(({ rank }) => rank)).toEqual([1, 1, 1, 1, 1, 6, 6]);
      expect(new Set(rows.map(({ runId }) => runId))).toEqual(new Set(runs.map(({ id }) => id)));
    },
  );

  test('goes on after its cursor while better runs arrive', async ({ app }) => {
    const { filter, dataset } = await makeBoard(app, [8, 6, 4, 2]);
    const one = await readLeaderboard(app.sql, { filter, first: 2 });
    await makeEvaluation(app, await makeRun(app, dataset.id), { correct: 10, items: 10 });
    const after = one.rows.at(-1)?.cursor;
    const two = await readLeaderboard(app.sql, { filter, first: 2, after });
    expect(two.rows.map(({ rank, value }) => [rank, value])).toEqual([
      [4, 40],
      [5, 20],
    ]);
  });

  test('counts the newest completed evaluation of a run', async ({ app }) => {
    const { filter, runs } = await makeBoard(app, [9]);
    const [run] = runs;
    if (!run) throw new Error('no run');
    const later = (seconds: number) => ({ createdAt: new Date(Date.now() + seconds * 1000) });
    const newest = await makeEvaluation(app, run, { correct: 3, items: 10, ...later(60) });
    await makeEvaluation(app, run, { correct: 5, items: 10, ...later(-60) });
    await makeEvaluation(app, run, { status: 'FAILED', ...later(120) });
    await makeEvaluation(app, run, { status: 'RUNNING', ...later(121) });
    const { rows } = await readLeaderboard(app.sql, { filter });
    expect(rows).toMatchObject([{ rank: 1, value: 30, evaluationId: newest.id, runId: run.id }]);
    expect(await countLeaderboard(app.sql, { filter })).toBe(1);
  });

  test('ranks only what is comparable, newest board first', async ({ app }) => {
    const older = await makeBoard(app, [9, 8]);
    const newer = await makeBoard(app, [2, 1]);
    const [run] = older.runs;
    if (!run) throw new Error('no run');
    await makeEvaluation(app, run, { correct: 4, items: 10, split: 'EVAL' });
    await makeEvaluation(app, run, { correct: 5, items: 10, judgeVersion: 2 });
    await makeEvaluation(app, run, { correct: 6, items: 10, judge: 'gemma' });
    await makeEvaluation(app, run, {
      correct: 7,
      items: 10,
      judge: 'gemma',
      settings: { model: 'x' },
    });
    const ids = [...older.runs, ...newer.runs].map(({ id }) => id);
    for (const first of [1, 3, 100]) {
      const rows = (await readAll(app, { first })).filter(({ runId }) => ids.includes(runId));
      expect(rows.map(({ rank, value }) => [rank, value])).toEqual([
        [1, 70], // TEST, gemma@1 with other settings
        [1, 60], // TEST, gemma@1
        [1, 50], // TEST, answer_correctness@2
        [1, 40], // EVAL
        [1, 20], // the newer dataset
        [2, 10],
        [1, 90],
        [2, 80],
      ]);
    }
    const of = async (filter: object) =>
      (await readAll(app, { filter: { ...older.filter, ...filter } })).map(({ value }) => value);
    expect(await of({ split: 'EVAL' })).toEqual([40]);
    expect(await of({ judge: 'gemma' })).toEqual([70, 60]);
    expect(await of({ judge: 'answer_correctness', split: 'TEST' })).toEqual([50, 90, 80]);
    expect(await of({ judge: 'answer_correctness@2' })).toEqual([50]);
    expect(await of({ judge: 'answer_correctness@x' })).toEqual([]);
    expect(await of({ judge: 'nobody' })).toEqual([]);
    expect(await of({ datasetKey: 'none' })).toEqual([]);
  });

  test('ranks runs on one evaluation set together, whatever they were trained on', async ({
    app,
  }) => {
    const createdAt = new Date('2001-06-01');
    const set = await makeEvaluationSet(app, [{}], { createdAt });
    const onSet = { split: null, evaluationSetId: set.id, items: 10 };
    const one = await makeBoard(app, [1]);
    const two = await makeBoard(app, [2]);
    for (const [{ dataset }, counts] of [
      [one, [3, 7]],
      [two, [7, 9]],
    ] as const) {
      await app.db.dataset.update({ where: { id: dataset.id }, data: { createdAt } });
      for (const correct of counts) {
        await makeEvaluation(app, await makeRun(app, dataset.id), { ...onSet, correct });
      }
    }
    const other = await makeEvaluationSet(app, [{}], { createdAt });
    await makeEvaluation(app, await makeRun(app, one.dataset.id), {
      split: null,
      evaluationSetId: other.id,
      correct: 10,
      items: 10,
    });
    for (const first of [1, 2, 100]) {
      const filter = { evaluationSetKey: set.key };
      const rows = await readAll(app, { filter, first });
      expect(rows.map(({ rank, value }) => [rank, value])).toEqual([
        [1, 90],
        [2, 70],
        [2, 70],
        [4, 30],
      ]);
      expect(await countLeaderboard(app.sql, { filter })).toBe(4);
      // Sides of datasets and sets stand apart, also where their times are the same.
      const all = (await readAll(app, { filter: one.filter, first })).map(({ value }) => value);
      expect(all.toSorted()).toEqual([10, 100, 30, 70]);
    }
    const of = async (filter: object) =>
      (await readAll(app, { filter })).map(({ rank, value }) => [rank, value]);
    // The rank is the one on the board, whatever the filter.
    expect(await of({ evaluationSetKey: set.key, ...one.filter })).toEqual([
      [2, 70],
      [4, 30],
    ]);
    expect(await of({ evaluationSetKey: set.key, split: 'TEST' })).toEqual([]);
    expect(await of({ evaluationSetKey: 'none' })).toEqual([]);
  });

  test('filters by model, exactly', async ({ app }) => {
    const { filter, dataset } = await makeBoard(app, [9]);
    const run = await makeRun(app, dataset.id, { modelId: 'other_model' });
    await makeEvaluation(app, run, { correct: 5, items: 10 });
    const of = async (modelId: string) =>
      (await readAll(app, { filter: { ...filter, modelId } })).map(({ value }) => value);
    expect(await of('other_model')).toEqual([50]);
    expect(await of('other%')).toEqual([]);
    expect(await of('otherXmodel')).toEqual([]);
  });

  test.for([
    ['score', 50, 23.66, 76.34],
    ['primary_score', 0.5, 0.2366, 0.7634],
    ['accuracy', 0.5, 0.2366, 0.7634],
  ] as const)(
    'has %s with its interval in the same unit',
    async ([metric, value, low, high], { app }) => {
      const { filter } = await makeBoard(app, [5]);
      const { rows } = await readLeaderboard(app.sql, { filter, metric });
      expect(rows[0]).toMatchObject({ value });
      expect(rows[0]?.interval?.low).toBeCloseTo(low, 2);
      expect(rows[0]?.interval?.high).toBeCloseTo(high, 2);
    },
  );

  test('ranks by the accuracy of a part of a set, and leaves out who has none', async ({ app }) => {
    const { filter, runs, dataset } = await makeBoard(app, [5]);
    const part = {
      'section/core/accuracy': 0.75,
      'section/core/correct': 3,
      'section/core/items': 4,
    };
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct: 6, items: 10, metrics: part });
    const metric = 'section/core/accuracy';
    expect(await readAll(app, { filter, metric })).toMatchObject([
      { rank: 1, value: 0.75, runId: run.id, interval: { low: expect.closeTo(0.3006, 3) } },
    ]);
    expect(await countLeaderboard(app.sql, { filter, metric })).toBe(1);
    expect(await countLeaderboard(app.sql, { filter })).toBe(runs.length + 1);
  });

  test('filters by when it was judged', async ({ app }) => {
    const { filter, dataset } = await makeBoard(app, []);
    for (const day of [1, 2, 3]) {
      const finishedAt = new Date(Date.UTC(2001, 0, day));
      await makeEvaluation(app, await makeRun(app, dataset.id), {
        correct: day,
        items: 10,
        finishedAt,
      });
    }
    const of = async (dates: object) =>
      (await readAll(app, { filter: { ...filter, ...dates } })).map(({ rank, value }) => [
        rank,
        value,
      ]);
    const second = new Date(Date.UTC(2001, 0, 2));
    expect(await of({ evaluatedAfter: second })).toEqual([
      [1, 30],
      [2, 20],
    ]);
    expect(await of({ evaluatedBefore: second })).toEqual([[3, 10]]);
    const dates = { evaluatedBefore: second };
    expect(await countLeaderboard(app.sql, { filter: { ...filter, ...dates } })).toBe(1);
  });

  test('is empty for a dataset that nobody trained on', async ({ app }) => {
    const { key } = await makeDataset(app);
    const board = await readLeaderboard(app.sql, { filter: { datasetKey: key } });
    expect(board).toEqual({ rows: [], hasNextPage: false });
    expect(await countLeaderboard(app.sql, { filter: { datasetKey: key } })).toBe(0);
  });

  const badCursor = Buffer.from('[1,2]').toString('base64url');
  test.for([
    [{ metric: 'loss' }, 'metric'],
    [{ metric: "score') OR 1=1 --" }, 'metric'],
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ after: 'x' }, 'after'],
    [{ after: badCursor }, 'after'],
    [{ filter: { datasetKey: 'a\0' } }, 'filter'],
  ] as const)('refuses %j', async ([input, path], { app }) => {
    const read = readLeaderboard(app.sql, input as never);
    await expect(read).rejects.toThrow(ValidationError);
    await expect(read).rejects.toMatchObject({
      issues: [{ path: expect.arrayContaining([path]) }],
    });
  });
});
