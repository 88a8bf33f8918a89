import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { App } from '../app.ts';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { makeDataset } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace, stepsOf } from '../test/traces.ts';
import { TraceFilter, traceConditions } from './filter.ts';
import { indexBacklog } from './indexing.ts';

type Filter = z.input<typeof TraceFilter>;

/** Prompts of the traces that match, in alphabetical order. */
const find = async (app: App, filter: Filter) => {
  const params: unknown[] = [];
  const conditions = traceConditions(parse(TraceFilter, filter), params);
  const { rows } = await app.sql.query<{ prompt_preview: string }>(
    `SELECT prompt_preview FROM traces t WHERE ${['true', ...conditions].join(' AND ')}
     ORDER BY prompt_preview`,
    params,
  );
  return rows.map((row) => row.prompt_preview);
};

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

/** Four traces that differ in everything a filter can ask for. */
const seeded = new WeakMap<App, Promise<{ datasetKey: string; importId: string }>>();
const seed = (app: App) => {
  const known = seeded.get(app) ?? store(app);
  seeded.set(app, known);
  return known;
};

async function store(app: App) {
  const session = await app.db.importSession.create({ data: { id: randomUUIDv7() } });
  const a = await putTrace(
    app,
    { prompt: 'alpha train', meta: { set: 'x', deep: { n: 1, m: 2 }, list: [1] } as never },
    { source: 's1', tags: ['t', 'u'], createdAt: day(1), stepCount: 1, totalChars: 10 },
  );
  const b = await putTrace(
    app,
    { prompt: 'beta train', trace_version: '2', meta: { set: 'x', deep: { n: 1 } } as never },
    { source: 's2', tags: ['t'], createdAt: day(2), stepCount: 5, totalChars: 20 },
  );
  await putTrace(
    app,
    { prompt: 'gamma', steps: stepsOf('the bus'), meta: { set: null } as never },
    {
      source: 's1',
      createdAt: day(3),
      stepCount: 9,
      totalChars: 30,
      baselineScore: 50,
      importSessionId: session.id,
    },
  );
  await putTrace(
    app,
    { prompt: 'delta', final_answer: 'by bus', meta: {} as never },
    { source: null, createdAt: day(4), totalChars: 40, stepCount: 1000, baselineScore: 99.5 },
  );
  const id = randomUUIDv7();
  const items = [
    { position: 0, traceId: a.id, split: 'TRAIN' as const },
    { position: 1, traceId: b.id, split: 'TEST' as const },
  ];
  const { key } = await app.db.dataset.create({
    data: {
      id,
      key: 'filtered-1',
      name: 'filtered',
      version: '1',
      contentHash: a.contentHash,
      recipe: {},
      stats: {},
      itemCount: 2,
      trainCount: 1,
      evalCount: 0,
      testCount: 1,
      items: { create: items },
    },
  });
  await indexBacklog(app);
  return { datasetKey: key, importId: session.id };
}

const ALL = ['alpha train', 'beta train', 'delta', 'gamma'];

describe('a filter', () => {
  test.for<[Filter, string[]]>([
    [{}, ALL],
    [{ sources: ['s1'] }, ['alpha train', 'gamma']],
    [{ sources: ['s1', 's2'] }, ['alpha train', 'beta train', 'gamma']],
    [{ sources: ['s1', 's1'] }, ['alpha train', 'gamma']],
    [{ sources: ["'; DROP TABLE traces; --"] }, []],
    [{ tags: ['t'] }, ['alpha train', 'beta train']],
    [{ tags: ['t', 'u'] }, ['alpha train']],
    [{ tags: ['no such'] }, []],
    [{ versions: ['2'] }, ['beta train']],
    [{ versions: ['2', '1.0'] }, ALL],
    [{ createdAfter: day(2) }, ['beta train', 'delta', 'gamma']],
    [{ createdAfter: '2026-01-02T01:00:00+01:00' }, ['beta train', 'delta', 'gamma']],
    [{ createdBefore: day(2) }, ['alpha train']],
    [{ createdAfter: day(2), createdBefore: day(3) }, ['beta train']],
    [{ steps: { min: 5 } }, ['beta train', 'delta', 'gamma']],
    [{ steps: { max: 5 } }, ['alpha train', 'beta train']],
    [{ steps: { min: 5, max: 9 } }, ['beta train', 'gamma']],
    [{ steps: {} }, ALL],
    [{ chars: { min: 20, max: 20 } }, ['beta train']],
    [{ score: { min: 50 } }, ['delta', 'gamma']],
    [{ score: { min: 99.4, max: 99.6 } }, ['delta']],
    [{ datasetKey: 'filtered-1' }, ['alpha train', 'beta train']],
    [{ datasetKey: 'filtered-1', split: 'TEST' }, ['beta train']],
    [{ datasetKey: 'filtered-1', split: 'EVAL' }, []],
    [{ datasetKey: 'none-1' }, []],
    [{ meta: { set: 'x' } }, ['alpha train', 'beta train']],
    [{ meta: { set: 'x', deep: { n: 1 } } }, ['beta train']],
    [{ meta: { list: [1] } }, ['alpha train']],
    [{ meta: { list: [] } }, []],
    [{ meta: { set: null } }, ['gamma']],
    [{ text: 'trains' }, ['alpha train', 'beta train']],
    [{ text: 'bus' }, ['delta', 'gamma']],
    [{ text: 'train', sources: ['s1'], tags: ['u'], steps: { max: 1 } }, ['alpha train']],
    [{ text: 'train', sources: ['s1'], datasetKey: 'filtered-1', split: 'TEST' }, []],
    [{ sources: ['s1'], tags: ['t'], versions: ['1.0'], meta: { set: 'x' } }, ['alpha train']],
  ])('finds by %j', async ([filter, found], { app }) => {
    await seed(app);
    expect(await find(app, filter)).toEqual(found);
  });

  test('finds by import', async ({ app }) => {
    const { importId } = await seed(app);
    expect(await find(app, { importId })).toEqual(['gamma']);
    expect(await find(app, { importId: randomUUIDv7() })).toEqual([]);
  });

  test('finds all of a dataset that was built elsewhere', async ({ app }) => {
    await seed(app);
    const { key } = await makeDataset(app, { train: 2, eval: 1, test: 1 });
    expect((await find(app, { datasetKey: key })).length).toBe(4);
    await app.db.dataset.delete({ where: { key } });
    await app.db.trace.deleteMany({ where: { source: 'test' } });
  });

  test.for<Filter>([
    { text: '', sources: [], tags: [], versions: [], datasetKey: '', meta: {} },
    { text: ' \n', steps: null, importId: null },
  ])('has no condition for %j', (filter) => {
    expect(traceConditions(parse(TraceFilter, filter), [])).toEqual([]);
  });

  test('is plain JSON once parsed', () => {
    const filter = parse(TraceFilter, { createdAfter: day(1), tags: ['t'] });
    expect(JSON.parse(JSON.stringify(filter))).toEqual(filter);
    expect(parse(TraceFilter, filter)).toEqual(filter);
  });

  test.for<[Filter & Record<string, unknown>, string]>([
    [{ importId: 'x' }, 'importId: this is not the id of an import.'],
    [{ text: 'x'.repeat(10_240) }, 'text: has 10240 characters, at most 1000 are allowed.'],
    [{ text: 'a\0b' }, 'text: contains the character U+0000, remove it.'],
    [{ sources: ['\0'] }, 'sources.0: contains the character U+0000, remove it.'],
    [{ tags: ['\ud800'] }, 'tags.0: contains half a surrogate pair'],
    [{ tags: Array<string>(33).fill('t') }, 'tags: '],
    [{ steps: { min: 2, max: 1 } }, 'steps: min is above max'],
    [{ score: { min: Number.NaN } }, 'score.min: '],
    [{ split: 'TRAIN' }, 'split: a side needs the dataset it is a side of'],
    [{ createdAfter: new Date(8.64e15) }, 'createdAfter: is not a moment in the years 1 to 9999.'],
    [{ createdBefore: '0000-01-01T00:00:00Z' }, 'createdBefore: '],
    [{ createdBefore: 'yesterday' }, 'createdBefore: '],
    [{ meta: { a: 2 ** 60 } }, 'meta.a: is a whole number beyond 2^53'],
    [{ source: 'old name' }, 'source: there is no such field. Remove it.'],
  ])('refuses %j', ([filter, message]) => {
    expect(() => parse(TraceFilter, filter)).toThrow(ValidationError);
    expect(() => parse(TraceFilter, filter)).toThrow(message);
  });
});
