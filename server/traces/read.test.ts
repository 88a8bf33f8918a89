import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace } from '../test/traces.ts';
import { encodeCursor, type Sort } from './cursor.ts';
import { TraceFilter } from './filter.ts';
import { indexBacklog } from './indexing.ts';
import { countTraces, readTracePage } from './read.ts';

type Filter = Parameters<typeof parse<typeof TraceFilter>>[1];
type Args = Parameters<typeof readTracePage>[2];

const readPage = (app: App, filter: Filter, args: Args = {}) =>
  readTracePage(app.sql, parse(TraceFilter, filter), args);

const idsOf = ({ rows }: Awaited<ReturnType<typeof readTracePage>>) => rows.map(({ id }) => id);

/** All ids from one end to the other, page by page; `meanwhile` runs between two pages. */
async function readAll(
  app: App,
  filter: Filter,
  { backwards = false, size = 3, ...args }: Args & { backwards?: boolean; size?: number },
  meanwhile: () => Promise<unknown> = async () => {},
) {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const place = backwards ? { last: size, before: cursor } : { first: size, after: cursor };
    const page = await readPage(app, filter, { ...args, ...place });
    if (backwards) ids.unshift(...idsOf(page));
    else ids.push(...idsOf(page));
    if (!(backwards ? page.hasPreviousPage : page.hasNextPage)) return ids;
    cursor = (backwards ? page.rows[0] : page.rows.at(-1))?.cursor;
    await meanwhile();
  }
}

/** Eleven traces with few different values, so that ties matter in every order. */
async function store(app: App, source: string) {
  const ids: string[] = [];
  for (let i = 0; i < 11; i++) {
    const columns = {
      source,
      createdAt: new Date(Date.UTC(2026, 0, 1 + (i % 3))),
      stepCount: 1 + (i % 4),
      totalChars: 100 + (i % 2),
      baselineScore: (i % 5) + 0.01,
    };
    const prompt = `${'train '.repeat(1 + (i % 3))} ${source} ${i}`;
    ids.push((await putTrace(app, { prompt }, columns)).id);
  }
  await indexBacklog(app);
  return ids;
}

const SORTS: Sort[] = ['CREATED_AT', 'STEP_COUNT', 'TOTAL_CHARS', 'BASELINE_SCORE', 'RELEVANCE'];
const ORDERS = SORTS.flatMap((by) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ by, direction })),
);

describe('readTracePage', () => {
  test.for(ORDERS)(
    'meets each trace once by $by $direction, both ways',
    async (orderBy, { app }) => {
      const source = `${orderBy.by}-${orderBy.direction}`;
      const old = new Set(await store(app, source));
      const filter = { sources: [source], ...(orderBy.by === 'RELEVANCE' && { text: 'train' }) };
      const addOne = async () => {
        await putTrace(app, { prompt: `train ${Math.random()}` }, { source, stepCount: 2 });
        await indexBacklog(app);
      };
      const forwards = await readAll(app, filter, { orderBy }, addOne);
      const metOld = forwards.filter((id) => old.has(id));
      expect(new Set(forwards).size).toBe(forwards.length);
      expect(new Set(metOld)).toEqual(old);
      const backwards = await readAll(app, filter, { orderBy, backwards: true });
      expect(backwards.filter((id) => old.has(id))).toEqual(metOld);
      const opposite = {
        by: orderBy.by,
        direction: orderBy.direction === 'ASC' ? 'DESC' : 'ASC',
      } as const;
      expect(await readAll(app, filter, { orderBy: opposite })).toEqual(backwards.toReversed());
    },
  );

  test('sorts by the value it is asked for', async ({ app }) => {
    const ids = await store(app, 'sorted');
    const rows = await app.db.trace.findMany({ where: { id: { in: ids } } });
    const valuesBy = async (by: Sort, column: 'createdAt' | 'stepCount' | 'totalChars') => {
      const sorted = await readAll(app, { sources: ['sorted'] }, { orderBy: { by }, size: 4 });
      return sorted.map((id) => Number(rows.find((row) => row.id === id)?.[column]));
    };
    for (const [by, column] of [
      ['CREATED_AT', 'createdAt'],
      ['STEP_COUNT', 'stepCount'],
      ['TOTAL_CHARS', 'totalChars'],
    ] as const) {
      const values = await valuesBy(by, column);
      expect(values, by).toEqual(values.toSorted((a, b) => b - a));
      expect(new Set(values).size, by).toBeGreaterThan(1);
    }
  });

  test('is newest first, 20 a page, when nothing is said', async ({ app }) => {
    for (let i = 0; i < 21; i++) {
      await putTrace(app, {}, { source: 'plain', createdAt: new Date(Date.UTC(2026, 1, 1 + i)) });
    }
    const page = await readPage(app, { sources: ['plain'] });
    const rows = await app.db.trace.findMany({
      where: { source: 'plain' },
      orderBy: { createdAt: 'desc' },
      take: 20,
    });
    expect(idsOf(page)).toEqual(rows.map(({ id }) => id));
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  test('goes by the same order with a text', async ({ app }) => {
    await store(app, 'texted');
    for (const by of ['CREATED_AT', 'STEP_COUNT', 'BASELINE_SCORE'] as const) {
      const plain = await readAll(app, { sources: ['texted'] }, { orderBy: { by } });
      const filter = { sources: ['texted'], text: 'texted' };
      expect(await readAll(app, filter, { orderBy: { by } }), by).toEqual(plain);
      expect(await readAll(app, { text: 'texted' }, { orderBy: { by } }), by).toEqual(plain);
    }
  });

  test('goes on behind a trace that was deleted meanwhile', async ({ app }) => {
    await store(app, 'deleted');
    const all = await readAll(app, { sources: ['deleted'] }, {});
    const page = await readPage(app, { sources: ['deleted'] }, { first: 3 });
    await app.db.trace.delete({ where: { id: page.rows[2]?.id ?? '' } });
    const next = await readPage(
      app,
      { sources: ['deleted'] },
      { first: 3, after: page.rows[2]?.cursor },
    );
    expect(idsOf(next)).toEqual(all.slice(3, 6));
  });

  const ID = '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f';
  const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.for<[string, string, Sort?]>([
    ['text', 'zzz'],
    ['another order', encodeCursor('STEP_COUNT', { key: 1, id: ID })],
    ['a number for a moment', cursorOf(['CREATED_AT', 1, ID])],
    ['no moment', cursorOf(['CREATED_AT', 'soon', ID])],
    ['no id', cursorOf(['CREATED_AT', '2026-01-01T00:00:00.000Z', "'; --"])],
    ['more parts', cursorOf(['CREATED_AT', '2026-01-01T00:00:00.000Z', ID, 1])],
    ['a text for a number', cursorOf(['STEP_COUNT', '1', ID]), 'STEP_COUNT'],
    ['a number beyond int', cursorOf(['STEP_COUNT', 2 ** 40, ID]), 'STEP_COUNT'],
    ['a sort that every object has', cursorOf(['constructor', 1, ID])],
  ])('refuses a cursor of %s', async ([, after, by = 'CREATED_AT'], { app }) => {
    const refused = readPage(app, {}, { after, orderBy: { by } });
    await expect(refused).rejects.toMatchObject({
      issues: [{ path: ['after'], code: 'BAD_CURSOR' }],
    });
  });

  test.for<[Args, string[]]>([
    [{ first: 101 }, ['first']],
    [{ first: 0 }, ['first']],
    [{ last: 101 }, ['last']],
    [{ orderBy: { by: 'RELEVANCE' } }, ['orderBy', 'by']],
  ])('refuses %j', async ([args, path], { app }) => {
    await expect(readPage(app, {}, args)).rejects.toThrow(ValidationError);
    await expect(readPage(app, {}, args)).rejects.toMatchObject({ issues: [{ path }] });
  });
});

describe('countTraces', () => {
  test('counts what the pages show', async ({ app }) => {
    await store(app, 'tallied');
    const count = (filter: Filter) => countTraces(app.sql, parse(TraceFilter, filter));
    expect(await count({ sources: ['tallied'] })).toBe(11);
    expect(await count({ sources: ['tallied'], steps: { max: 1 } })).toBe(3);
    expect(await count({ text: 'tallied' })).toBe(11);
    expect(await count({ text: 'tallied', steps: { max: 1 } })).toBe(3);
    expect(await count({ sources: ['none'] })).toBe(0);
    expect(await count({})).toBe(await app.db.trace.count());
  });
});
