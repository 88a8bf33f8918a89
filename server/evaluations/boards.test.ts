import { readFile } from 'node:fs/promises';
import type { App } from '../app.ts';
import { makeDataset, makeEvaluation, makeEvaluationSet, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { placeOnBoards } from './boards.ts';
import { readBoards, readIncomparable, readRunRanks } from './boardsRead.ts';
import { type LeaderboardRow, readLeaderboard } from './leaderboard.ts';
import { groupEnds, groupOf } from './leaderboardTies.ts';

const MIGRATION = new URL(
  '../../prisma/migrations/20261121010000_evaluations_and_gates/migration.sql',
  import.meta.url,
);

const valuesOf = async (app: App, input: Parameters<typeof readLeaderboard>[1]) =>
  (await readLeaderboard(app.sql, input)).rows.map(({ value }) => value);

async function makeBoard(app: App, counts: number[], items = 10) {
  const dataset = await makeDataset(app);
  for (const correct of counts) {
    await makeEvaluation(app, await makeRun(app, dataset.id), { correct, items });
  }
  return { dataset, filter: { datasetKey: dataset.key } };
}

describe('placeOnBoards', () => {
  test('keeps the newest and the best evaluation of a run', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, []);
    const run = await makeRun(app, dataset.id);
    for (const correct of [4, 9, 9, 2]) await makeEvaluation(app, run, { correct, items: 10 });
    const [latest] = (await readLeaderboard(app.sql, { filter })).rows;
    const [best] = (await readLeaderboard(app.sql, { filter, pick: 'BEST' })).rows;
    const of = (
      await app.db.evaluation.findMany({ where: { runId: run.id }, orderBy: { id: 'asc' } })
    ).map(({ id }) => id);
    expect(latest).toMatchObject({ value: 20, evaluationId: of[3] });
    expect(best).toMatchObject({ value: 90, evaluationId: of[2], rank: 1 });
    expect(await readRunRanks(app.sql, { runId: run.id, pick: 'BEST' })).toMatchObject([
      { value: 90, rank: 1, of: 1 },
    ]);
  });

  test('takes the newest by when it was asked for, also when it ends first', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, []);
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct: 7, items: 10 });
    await makeEvaluation(app, run, { correct: 3, items: 10, createdAt: new Date('2001-01-01') });
    expect(await valuesOf(app, { filter })).toEqual([70]);
  });

  test('leaves out checkpoints and what is not completed', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, [5]);
    await makeEvaluation(app, await makeRun(app, dataset.id), { correct: 9, items: 10, step: 3 });
    await makeEvaluation(app, await makeRun(app, dataset.id), { status: 'FAILED' });
    expect(await valuesOf(app, { filter })).toEqual([50]);
  });

  test('ranks datasets of the same content together', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, [5]);
    const same = await makeDataset(app);
    const { contentHash } = dataset;
    await app.db.dataset.update({ where: { id: same.id }, data: { contentHash } });
    await makeEvaluation(app, await makeRun(app, same.id), { correct: 8, items: 10 });
    expect(await valuesOf(app, { filter })).toEqual([80, 50]);
    expect(await valuesOf(app, { filter: { datasetKey: same.key } })).toEqual([80, 50]);
  });

  test('places what is completed at once without losing one', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, []);
    const run = await makeRun(app, dataset.id);
    const counts = [1, 2, 3, 4, 5, 6];
    await Promise.all(counts.map((correct) => makeEvaluation(app, run, { correct, items: 10 })));
    await Promise.all(
      counts.map(async (correct) =>
        makeEvaluation(app, await makeRun(app, dataset.id), { correct, items: 10 }),
      ),
    );
    expect((await valuesOf(app, { filter, pick: 'BEST' })).slice(0, 2)).toEqual([60, 60]);
    const newest = await app.db.evaluation.findFirst({
      where: { runId: run.id },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
    const { rows } = await readLeaderboard(app.sql, { filter });
    expect(rows).toHaveLength(7);
    expect(rows.find(({ runId }) => runId === run.id)?.evaluationId).toBe(newest?.id);
  });

  test('does nothing the second time', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, []);
    const evaluation = await makeEvaluation(app, await makeRun(app, dataset.id));
    await app.db.$transaction((tx) => placeOnBoards(tx, evaluation.id));
    expect(await readLeaderboard(app.sql, { filter })).toMatchObject({ rows: [{ rank: 1 }] });
  });

  test('ranks stay right when a run goes', async ({ app }) => {
    const { filter } = await makeBoard(app, [9, 7, 5]);
    const [first] = (await readLeaderboard(app.sql, { filter })).rows;
    await app.db.run.delete({ where: { id: first?.runId ?? '' } });
    const { rows } = await readLeaderboard(app.sql, { filter });
    expect(rows.map(({ rank, value }) => [rank, value])).toEqual([
      [1, 70],
      [2, 50],
    ]);
  });
});

test('the migration places what was judged before as placeOnBoards does', async ({ app }) => {
  const { dataset } = await makeBoard(app, [3, 8, 8]);
  const set = await makeEvaluationSet(app);
  const run = await makeRun(app, dataset.id);
  const part = { 'section/a/accuracy': 0.5, 'section/a/correct': 1, 'section/a/items': 2 };
  for (const correct of [5, 2]) {
    await makeEvaluation(app, run, { correct, items: 10 });
    await makeEvaluation(app, run, { split: null, evaluationSetId: set.id, metrics: part });
  }
  const all = async () => {
    const { rows } = await app.sql.query(
      `SELECT b.target_hash, b.dataset_id, b.split, b.evaluation_set_id, b.judge, b.settings,
         e.metric, e.pick, e.run_id, e.evaluation_id, e.value, e.correct, e.items, v.runs
       FROM boards b JOIN board_entries e ON e.board_id = b.id
         JOIN board_values v USING (board_id, metric, pick, value)
       WHERE e.run_id IN (SELECT id FROM runs WHERE dataset_id = $1)
       ORDER BY b.target_hash, e.metric, e.pick, e.run_id`,
      [dataset.id],
    );
    return rows;
  };
  const placed = await all();
  expect(placed.length).toBe(3 * 6 + 6 + 8);
  // Evaluations with settings and of checkpoints came later than the migration.
  await app.sql.query(`TRUNCATE boards, board_entries, board_values;
    DELETE FROM evaluations WHERE settings <> '{}' OR step > 0`);
  const migration = await readFile(MIGRATION, 'utf8');
  const start = migration.indexOf('-- The boards of what was judged before');
  await app.sql.query('ALTER TABLE board_entries DISABLE TRIGGER board_entries_count');
  const backfill = migration.slice(start, migration.indexOf('-- Whoever writes or removes'));
  expect(start).toBeGreaterThan(0);
  await app.sql.query(backfill);
  await app.sql.query('ALTER TABLE board_entries ENABLE TRIGGER board_entries_count');
  expect(await all()).toEqual(placed);
});

describe('the leaderboard', () => {
  test('hides judges that do not rank unless asked for', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, [5]);
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct: 10, items: 10, judge: 'mock' });
    expect(await valuesOf(app, { filter })).toEqual([50]);
    expect(await valuesOf(app, { filter: { ...filter, includeMocks: true } })).toEqual([100, 50]);
    expect(await valuesOf(app, { filter: { ...filter, judge: 'mock' } })).toEqual([100]);
  });

  test('pages to its end without repeat or hole while evaluations complete', async ({ app }) => {
    const counts = Array.from({ length: 30 }, (_, index) => index % 7);
    const { dataset, filter } = await makeBoard(app, counts);
    const before = (await readLeaderboard(app.sql, { filter, first: 100 })).rows;
    const seen: LeaderboardRow[] = [];
    let after: string | null = null;
    for (let page = 0; ; page++) {
      const read = await readLeaderboard(app.sql, { filter, first: 4, after });
      seen.push(...read.rows);
      if (!read.hasNextPage) break;
      after = read.rows.at(-1)?.cursor ?? null;
      const run = await makeRun(app, dataset.id);
      await makeEvaluation(app, run, { correct: page % 8, items: 10 });
    }
    const ids = seen.map(({ runId }) => runId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(before.filter(({ runId }) => !ids.includes(runId))).toEqual([]);
  });

  test('says which ranks the items cannot tell apart', async ({ app }) => {
    const { filter } = await makeBoard(app, [900, 890, 700, 690, 100], 1000);
    const { rows } = await readLeaderboard(app.sql, { filter });
    expect(rows.map(({ tiedFrom, tiedTo }) => [tiedFrom, tiedTo])).toEqual([
      [1, 2],
      [1, 2],
      [3, 4],
      [3, 4],
      [5, 5],
    ]);
    const { boardId = 0 } = rows[0] ?? {};
    const ends = await groupEnds(app.sql, { metric: 'score', pick: 'LATEST' }, boardId, 10);
    expect(rows.map(({ value }) => groupOf(ends, value))).toEqual([1, 1, 2, 2, 3]);
    // Intervals of a tied pair touch, those of others do not.
    for (const one of rows) {
      for (const other of rows) {
        const touches =
          one.interval.low <= other.interval.high && other.interval.low <= one.interval.high;
        expect(other.rank >= one.tiedFrom && other.rank <= one.tiedTo).toBe(touches);
      }
    }
  });

  test('says why other boards of the dataset rank apart', async ({ app }) => {
    const { dataset, filter } = await makeBoard(app, [5]);
    const run = await makeRun(app, dataset.id);
    for (const other of [
      { judgeVersion: 2 },
      { settings: { model: 'x' } },
      { judge: 'mock' },
      { split: 'EVAL' as const },
    ]) {
      await makeEvaluation(app, run, other);
    }
    const next = await makeDataset(app);
    await app.db.dataset.update({
      where: { id: next.id },
      data: { name: dataset.name, version: '2' },
    });
    await makeEvaluation(app, await makeRun(app, next.id));
    await makeBoard(app, [5]);
    const { rows } = await readLeaderboard(app.sql, {
      filter: { ...filter, judge: 'answer_correctness@1', split: 'TEST' },
    });
    const plain = rows.find(({ value, items }) => value === 50 && items === 10);
    const found = await readIncomparable(app.sql, plain?.boardId ?? 0);
    expect(found.map(({ reasons }) => reasons)).toEqual([
      [`It judges "${next.key}", which has other items.`],
      ['It judges EVAL.'],
      ['Another judge decided: mock@1.'],
      ['The judge was set up otherwise: {"model":"x"}.'],
      ['Another version of the judge decided: answer_correctness@2.'],
    ]);
    expect(
      await readBoards(
        app.sql,
        found.map(({ board }) => board.id),
      ),
    ).toHaveLength(5);
  });
});

describe('readRunRanks', () => {
  test('says where a run stands on each of its boards', async ({ app }) => {
    const { dataset } = await makeBoard(app, [9, 9, 5]);
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct: 6, items: 10 });
    await makeEvaluation(app, run, { correct: 1, items: 10, split: 'EVAL' });
    expect(await readRunRanks(app.sql, { runId: run.id, metric: 'accuracy' })).toMatchObject([
      { rank: 1, of: 1, value: 0.1 },
      { rank: 3, of: 4, value: 0.6, tiedFrom: 1, tiedTo: 4, interval: { low: expect.any(Number) } },
    ]);
    const other = await makeRun(app, dataset.id);
    expect(await readRunRanks(app.sql, { runId: other.id })).toEqual([]);
  });
});
