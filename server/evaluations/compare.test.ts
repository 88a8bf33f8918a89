import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { makeDataset, makeEvaluationSet } from '../test/make.ts';
import { makeJudged, makeSetOf, rightThenWrong } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { compareEvaluations, readStatistics } from './compare.ts';
import { readComparedItems } from './compareItems.ts';
import { countFlips } from './comparePairs.ts';

const options = { alpha: 0.05, seed: 0 };

describe('compareEvaluations', () => {
  test('tests the items that were judged on both sides, and each part of the set', async ({
    app,
  }) => {
    const set = await makeSetOf(app, 20, (index) => ({
      section: index < 10 ? 'core' : 'rest',
      ...(index % 2 === 0 && { difficulty: 'hard' }),
    }));
    const baseline = await makeJudged(app, set, rightThenWrong(20, 0));
    const candidate = await makeJudged(app, set, [
      ...rightThenWrong(0, 8),
      ...rightThenWrong(12, 0),
    ]);
    const ids = { baseline: baseline.id, candidate: candidate.id };
    const comparison = await compareEvaluations(app.sql, { ...ids, ...options });
    if (!comparison) throw new Error('there are two evaluations');
    expect(comparison.differences).toEqual([]);
    const { statistics, slices } = await readStatistics(app.sql, comparison);
    expect(statistics).toMatchObject({
      items: 20,
      baselineMean: 1,
      candidateMean: 0.6,
      lower: 8,
      higher: 0,
      test: 'MCNEMAR_EXACT',
      pValue: expect.closeTo(0.0078125, 12),
      seed: 0,
      resamples: 10_000,
    });
    // Three parts: p = 2⁻⁷ of the section, 2⁻³ of the hard ones and 1, times 3, 2 and 1.
    expect(slices).toMatchObject([
      { by: 'SECTION', value: 'core', adjustedP: expect.closeTo(0.0234375, 12) },
      { by: 'SECTION', value: 'rest', adjustedP: 1, statistics: { items: 10, delta: 0 } },
      { by: 'DIFFICULTY', value: 'hard', adjustedP: expect.closeTo(0.25, 12) },
    ]);
    expect(await readStatistics(app.sql, comparison)).toEqual({ statistics, slices });
  });

  test('names what differs and makes no statistics then', async ({ app }) => {
    const set = await makeSetOf(app, 2);
    const baseline = await makeJudged(app, set, [true, true], { settings: { model: 'a' } });
    const differencesTo = async (candidate: { id: string }) => {
      const ids = { baseline: baseline.id, candidate: candidate.id };
      const comparison = await compareEvaluations(app.sql, { ...ids, ...options });
      if (!comparison) throw new Error('there are two evaluations');
      expect(await readStatistics(app.sql, comparison)).toEqual({ statistics: null, slices: [] });
      return comparison.differences;
    };
    const judged = (data: object) => makeJudged(app, set, [true, true], data);
    expect(await differencesTo(await judged({ settings: { model: 'b' } }))).toEqual([
      'The judge was set up otherwise: model was "a" for the baseline, "b" for the candidate.',
    ]);
    expect(await differencesTo(await judged({ judge: 'gemma' }))).toEqual([
      expect.stringContaining('gemma@1'),
    ]);
    expect(await differencesTo(await makeJudged(app, await makeDataset(app), [true]))).toEqual([
      expect.stringContaining('evaluation set'),
      expect.stringContaining('set up otherwise'),
    ]);
    const running = await judged({ settings: { model: 'a' }, status: 'RUNNING' });
    expect(await differencesTo(running)).toEqual(['The candidate is running.']);
  });

  test('answers null for an evaluation that does not exist', async ({ app }) => {
    const { id } = await makeJudged(app, await makeSetOf(app, 1), [true]);
    const ids = { baseline: id, candidate: randomUUIDv7() };
    expect(await compareEvaluations(app.sql, { ...ids, ...options })).toBeNull();
  });

  test.for([
    [{ alpha: 0 }, 'alpha'],
    [{ alpha: 1 }, 'alpha'],
    [{ seed: -1 }, 'seed'],
    [{ seed: 2 ** 31 }, 'seed'],
  ] as const)('refuses %j', async ([bad, field], { app }) => {
    const ids = { baseline: randomUUIDv7(), candidate: randomUUIDv7() };
    const compare = compareEvaluations(app.sql, { ...ids, ...options, ...bad });
    await expect(compare).rejects.toMatchObject({ issues: [{ path: [field] }] });
  });
});

describe('readComparedItems', () => {
  test('shows what broke first, the largest loss before smaller ones, with both texts', async ({
    app,
  }) => {
    const set = await makeSetOf(app, 7);
    const texts = (side: string) => set.items.map(({ position }) => `${side} ${position}`);
    const baseline = await makeJudged(app, set, [1, 0.6, 0, 1, 0, 'FAILED', 0.9], {
      texts: texts('was'),
    });
    const candidate = await makeJudged(app, set, [1, 0.4, 1, 0, 0, 1], { texts: texts('is') });
    const ids = { baseline: baseline.id, candidate: candidate.id };
    expect(await countFlips(app.sql, ids)).toEqual({
      BROKEN: 2,
      FIXED: 1,
      BOTH_RIGHT: 1,
      BOTH_WRONG: 1,
      UNSCORED: 2,
    });
    const { items, hasNextPage } = await readComparedItems(app.sql, ids, { kinds: [], first: 100 });
    expect(hasNextPage).toBe(false);
    expect(items.map(({ kind, position }) => [kind, position])).toEqual([
      ['BROKEN', 3],
      ['BROKEN', 1],
      ['FIXED', 2],
      ['BOTH_RIGHT', 0],
      ['BOTH_WRONG', 4],
      ['UNSCORED', 6],
      ['UNSCORED', 5],
    ]);
    expect(items[0]).toMatchObject({
      prompt: set.items[3]?.prompt,
      expected: '1',
      setItemId: set.items[3]?.id,
      traceId: null,
      baselineText: 'was 3',
      candidateText: 'is 3',
    });
    expect(items[5]).toMatchObject({
      baselinePosition: 6,
      candidatePosition: null,
      candidateText: null,
    });
  });

  test('pages through all items, each once, and through chosen kinds', async ({ app }) => {
    const dataset = await makeDataset(app, { test: 25 });
    const baseline = await makeJudged(app, dataset, rightThenWrong(12, 13));
    const candidate = await makeJudged(app, dataset, rightThenWrong(0, 25));
    const ids = { baseline: baseline.id, candidate: candidate.id };
    const all = async (kinds: ('BROKEN' | 'BOTH_WRONG')[]) => {
      const found: number[] = [];
      let after: string | null = null;
      for (;;) {
        const page: Awaited<ReturnType<typeof readComparedItems>> = await readComparedItems(
          app.sql,
          ids,
          { kinds, first: 4, after },
        );
        found.push(...page.items.map(({ position }) => position));
        after = page.items.at(-1)?.cursor ?? null;
        if (!page.hasNextPage) return found;
      }
    };
    const positions = Array.from({ length: 25 }, (_, index) => index + 3);
    expect(await all([])).toEqual(positions);
    expect(await all(['BOTH_WRONG'])).toEqual(positions.slice(12));
  });

  test.for([
    [{ first: 0 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ after: 'x' }, 'after'],
    [{ after: Buffer.from('[1,"a",2]').toString('base64url') }, 'after'],
  ] as const)('refuses %j', async ([bad, field], { app }) => {
    const ids = { baseline: randomUUIDv7(), candidate: randomUUIDv7() };
    const read = readComparedItems(app.sql, ids, { kinds: [], first: 1, ...bad });
    await expect(read).rejects.toMatchObject({ issues: [{ path: [field] }] });
  });
});

/** A set of many items in seven categories, written in one statement. */
async function makeLargeSet(app: App, count: number) {
  const set = await makeEvaluationSet(app, [], { itemCount: count });
  await app.sql.query(
    `INSERT INTO evaluation_set_items (id, set_id, position, item_id, prompt, expected_answer, category)
     SELECT gen_random_uuid(), $1, i, i, i, '1', 'c' || i % 7 FROM generate_series(0, $2 - 1) i`,
    [set.id, count],
  );
  const items = await app.db.evaluationSetItem.findMany({
    where: { setId: set.id },
    orderBy: { position: 'asc' },
  });
  return { ...set, items };
}

test('10,000 items are compared, sliced and paged', async ({ app }) => {
  const set = await makeLargeSet(app, 10_000);
  const baseline = await makeJudged(app, set, rightThenWrong(7_000, 3_000));
  const candidate = await makeJudged(app, set, rightThenWrong(6_900, 3_100));
  const ids = { baseline: baseline.id, candidate: candidate.id };
  const comparison = await compareEvaluations(app.sql, { ...ids, ...options });
  if (!comparison) throw new Error('there are two evaluations');
  const { statistics, slices } = await readStatistics(app.sql, comparison);
  expect(statistics).toMatchObject({ items: 10_000, lower: 100, resamples: 2_000 });
  expect(slices).toHaveLength(7);
  const { items } = await readComparedItems(app.sql, ids, { kinds: [], first: 100 });
  expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['BROKEN']));
});
