import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { makeDataset, makeEvaluationSet, makeRun } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { countRuns, type RunFilter, readRunPage } from './list.ts';
import type { RunSort } from './listOrder.ts';

const SORTS: RunSort[] = ['NEWEST', 'OLDEST', 'PRIORITY', 'LONGEST', 'RECENTLY_FINISHED'];

const second = (count: number) => new Date(Date.UTC(2027, 0, 1) + count * 1_000);

type Data = Parameters<typeof makeRun>[2];

/** Runs on a dataset of their own, found by its key. */
async function runsOf(app: App, ...runs: NonNullable<Data>[]) {
  const dataset = await makeDataset(app);
  const made: Awaited<ReturnType<typeof makeRun>>[] = [];
  for (const data of runs) made.push(await makeRun(app, dataset.id, data));
  const { key: datasetKey } = dataset;
  /** The numbers that are found, counted from 0 in the order they were made. */
  const find = async (filter: RunFilter, sort: RunSort = 'OLDEST') => {
    const page = await readRunPage(app.sql, { datasetKey, ...filter }, sort, {});
    expect(await countRuns(app.sql, { datasetKey, ...filter })).toBe(page.rows.length);
    return page.rows.map(({ id }) => made.findIndex((run) => run.id === id));
  };
  return { made, datasetKey, find };
}

describe('a filter', () => {
  test('leaves archived runs out unless they are asked for', async ({ app }) => {
    const { find } = await runsOf(app, {}, { archivedAt: new Date() });
    expect(await find({})).toEqual([0]);
    expect(await find({ archived: false })).toEqual([0]);
    expect(await find({ archived: true })).toEqual([1]);
    expect(await find({ archived: null })).toEqual([0, 1]);
  });

  test('finds a text in name, model, error and dataset key, in any case and to the letter', async ({
    app,
  }) => {
    const { find, datasetKey } = await runsOf(
      app,
      { name: 'First 100% try' },
      { modelId: 'Qwen/Qwen3-0.6B' },
      { error: 'ValueError: bad_luck' },
    );
    expect(await find({ text: 'first' })).toEqual([0]);
    expect(await find({ text: ' 100% ' })).toEqual([0]);
    expect(await find({ text: 'qwen3' })).toEqual([1]);
    expect(await find({ text: 'BAD_' })).toEqual([2]);
    expect(await find({ text: 'badXluck' })).toEqual([]);
    expect(await find({ text: '%' })).toEqual([0]);
    expect(await find({ text: String.raw`\ ` })).toEqual([]);
    expect(await find({ text: datasetKey })).toEqual([0, 1, 2]);
    expect(await find({ text: '  ' })).toEqual([0, 1, 2]);
  });

  test('finds a number, with or without #', async ({ app }) => {
    const { find, made } = await runsOf(app, {}, {});
    expect(await find({ text: `#${made[1]?.number}` })).toEqual([1]);
    expect(await find({ text: String(made[1]?.number) })).toContain(1);
  });

  test('finds by status, mode, model, label, failure, parent and evaluation set', async ({
    app,
  }) => {
    const set = await makeEvaluationSet(app, [{}]);
    const parent = await makeRun(app, (await makeDataset(app)).id);
    const { find } = await runsOf(
      app,
      { status: 'PENDING', requiredLabels: ['gpu', 'large'] },
      { mode: 'DRY_RUN', modelId: 'other' },
      { status: 'FAILED', failureCode: 'OUT_OF_MEMORY' },
      { parentId: parent.id, parentKind: 'RETRY', evaluationSetId: set.id },
    );
    expect(await find({ status: ['PENDING', 'FAILED'] })).toEqual([0, 2]);
    expect(await find({ status: [] })).toEqual([]);
    expect(await find({ label: 'large' })).toEqual([0]);
    expect(await find({ mode: 'DRY_RUN' })).toEqual([1]);
    expect(await find({ modelId: 'other' })).toEqual([1]);
    expect(await find({ failureCode: 'OUT_OF_MEMORY' })).toEqual([2]);
    expect(await find({ parentId: parent.id })).toEqual([3]);
    expect(await find({ parentId: randomUUIDv7() })).toEqual([]);
    expect(await find({ evaluationSetKey: set.key })).toEqual([3]);
    expect(await find({ datasetKey: 'no such dataset' })).toEqual([]);
  });

  test('refuses a text that is too long or cannot stand anywhere', async ({ app }) => {
    for (const text of ['x'.repeat(201), 'a\0b']) {
      const page = readRunPage(app.sql, { text }, 'NEWEST', {});
      await expect(page).rejects.toThrow(ValidationError);
    }
  });
});

describe('a sort', () => {
  const runs = [
    { createdAt: second(1), priority: 5, startedAt: second(2), finishedAt: second(3) },
    { createdAt: second(2), priority: -5, startedAt: second(2), finishedAt: second(9) },
    { createdAt: second(3), priority: 9, status: 'PENDING' as const },
    { createdAt: second(4), status: 'RUNNING' as const, startedAt: second(4) },
    { createdAt: second(5), startedAt: second(5), finishedAt: second(7.5) },
  ];

  test.for([
    ['NEWEST', [4, 3, 2, 1, 0]],
    ['OLDEST', [0, 1, 2, 3, 4]],
    ['PRIORITY', [2, 0, 4, 3, 1]],
    ['LONGEST', [1, 4, 0, 3, 2]],
    ['RECENTLY_FINISHED', [1, 4, 0, 3, 2]],
  ] as const)('%s puts first what it says', async ([sort, order], { app }) => {
    const { find } = await runsOf(app, ...runs);
    expect(await find({}, sort)).toEqual(order);
  });

  test.for(SORTS)('%s is read page by page in both directions', async (sort, { app }) => {
    const { datasetKey } = await runsOf(app, ...runs, ...runs, {}, {});
    const read = (args: Parameters<typeof readRunPage>[3]) =>
      readRunPage(app.sql, { datasetKey }, sort, args);
    const whole = (await read({ first: 100 })).rows.map(({ id }) => id);
    expect(whole).toHaveLength(12);
    const forwards: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await read({ first: 5, after });
      forwards.push(...page.rows.map(({ id }) => id));
      expect(page.hasPreviousPage).toBe(after !== undefined);
      after = page.rows.at(-1)?.cursor;
      if (!page.hasNextPage) break;
    }
    expect(forwards).toEqual(whole);
    const backwards: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await read({ last: 5, before });
      backwards.unshift(...page.rows.map(({ id }) => id));
      expect(page.hasNextPage).toBe(before !== undefined);
      before = page.rows[0]?.cursor;
      if (!page.hasPreviousPage) break;
    }
    expect(backwards).toEqual(whole);
  });

  test('goes on from where a run stood that has moved since', async ({ app }) => {
    const { datasetKey, made } = await runsOf(app, ...runs);
    const read = (after?: string) =>
      readRunPage(app.sql, { datasetKey }, 'RECENTLY_FINISHED', { first: 2, after });
    const first = await read();
    const [, last] = first.rows;
    await app.db.run.update({ where: { id: last?.id ?? '' }, data: { finishedAt: second(0) } });
    const next = await read(last?.cursor);
    expect(next.rows[0]?.id).toBe(made[0]?.id);
  });

  test('refuses a cursor of another order, and what is none', async ({ app }) => {
    const { datasetKey } = await runsOf(app, {});
    const [row] = (await readRunPage(app.sql, { datasetKey }, 'OLDEST', {})).rows;
    for (const cursor of [row?.cursor ?? '', 'nonsense', 'TkVXRVNUIHggeQ']) {
      for (const name of ['after', 'before'] as const) {
        const page = readRunPage(app.sql, { datasetKey }, 'NEWEST', { [name]: cursor });
        await expect(page).rejects.toThrow('no cursor of this list in this order');
      }
    }
  });
});
