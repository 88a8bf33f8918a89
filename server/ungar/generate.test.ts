import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { generateUngarTraces } from './generate.ts';
import { readUngarTraces } from './read.ts';

describe('generateUngarTraces', () => {
  test('stores a trace for each game, and finds them again the second time', async ({ app }) => {
    const input = { count: 5, seed: 42 };
    const first = await generateUngarTraces(app, input);
    expect(first).toMatchObject({ seed: 42, created: 5, duplicates: 0 });
    expect(first.episodes.map(({ seed }) => seed)).toEqual([42, 43, 44, 45, 46]);
    const rows = await app.db.trace.findMany({ where: { id: { in: first.traceIds } } });
    expect(new Set(rows.map(({ source }) => source))).toEqual(new Set(['ungar']));
    const again = await generateUngarTraces(app, input);
    expect(again).toEqual({ ...first, created: 0, duplicates: 5 });
  });

  test('stores another variant of the same seed beside it', async ({ app }) => {
    await generateUngarTraces(app, { count: 2, seed: 900, variant: 'REVEAL' });
    const other = await generateUngarTraces(app, { count: 2, seed: 900, variant: 'DECISION' });
    expect(other).toMatchObject({ created: 2, duplicates: 0 });
  });

  test('shows all games and stores none when nothing is to be kept', async ({ app }) => {
    const before = await app.db.trace.count();
    const shown = await generateUngarTraces(app, { count: 100, seed: 77, persist: false });
    expect(shown).toMatchObject({ created: 0, duplicates: 0, traceIds: [] });
    expect(shown.episodes.length).toBe(100);
    expect(await app.db.trace.count()).toBe(before);
  });

  test('draws a seed when none is given, and says which', async ({ app }) => {
    const one = await generateUngarTraces(app, { count: 3, persist: false });
    const { seed } = one;
    expect(seed).toBeGreaterThanOrEqual(0);
    const again = await generateUngarTraces(app, { count: 3, persist: false, seed });
    expect(again).toEqual(one);
    expect((await generateUngarTraces(app, { count: 1, persist: false })).seed).not.toBe(seed);
  });

  test.for([
    [{ count: 0 }, 'count', 'TOO_SMALL'],
    [{ count: 101 }, 'count', 'TOO_LARGE'],
    [{ count: 1.5 }, 'count', 'WRONG_TYPE'],
    [{ count: 2, seed: 2 ** 31 - 1 }, 'seed', 'TOO_LARGE'],
    [{ count: 1, seed: 2 ** 31 }, 'seed', 'TOO_LARGE'],
  ] as const)('refuses %j', async ([input, path, code], { app }) => {
    await expect(generateUngarTraces(app, input)).rejects.toMatchObject({
      issues: [{ path: [path], code }],
    });
  });

  test('takes the highest seed that all games have room above', async ({ app }) => {
    const input = { count: 2, seed: 2 ** 31 - 2, persist: false };
    expect((await generateUngarTraces(app, input)).episodes[1]?.seed).toBe(2 ** 31 - 1);
  });
});

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const row of rows) result.push(row);
  return result;
}

describe('readUngarTraces', () => {
  test('reads the newest first, of this game alone, up to the limit', async ({ app }) => {
    const { traceIds } = await generateUngarTraces(app, { count: 100, seed: 5_000 });
    const [foreign] = await createTraces(app, {
      traces: [makePayload({ meta: null })],
      mode: 'PER_ITEM',
    });
    const some = await all(readUngarTraces(app.sql, { limit: 7 }));
    const newest = await app.db.trace.findMany({
      where: { source: 'ungar' },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
    expect(some.map(({ id }) => id)).toEqual(newest.slice(0, 7).map(({ id }) => id));
    const wanted = [traceIds[3] ?? '', foreign?.stored?.id ?? ''];
    const named = await all(readUngarTraces(app.sql, { traceIds: wanted }));
    expect(named.map(({ id }) => id)).toEqual([traceIds[3]]);
  });

  test('reads across pages', async ({ app }) => {
    for (let seed = 10_000; seed < 10_600; seed += 100) {
      await generateUngarTraces(app, { count: 100, seed });
    }
    const read = await all(readUngarTraces(app.sql, { limit: 550 }));
    expect(new Set(read.map(({ id }) => id)).size).toBe(550);
  });
});
