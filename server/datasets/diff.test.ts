import type { App } from '../app.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { buildDataset } from './build.ts';
import { countDiff, DIFF_KINDS, type DiffEntry, type DiffKind, placeOf, readDiff } from './diff.ts';

let made = 0;

/** Stores a trace and labels it with the sets it is to stand in. */
async function store(app: App, tags: string[], prompt: string, answer = 'a') {
  const traces = [makePayload({ prompt, final_answer: answer, meta: null, steps: STEPS })];
  await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', tags });
}

const STEPS = [{ i: 0, type: 'x', content: 'x' }];

async function build(app: App, tag: string, split?: { train: number; eval: number; test: number }) {
  const filter = { tags: [tag] };
  const input = { name: tag, version: String(++made), filter, limit: 1000, split };
  const { id } = await buildDataset(app, input);
  return id;
}

/** What an entry says, by prompt and answer. */
async function describeEntries(app: App, from: string, to: string, entries: DiffEntry[]) {
  const read = async (datasetId: string, position: number | null) => {
    if (position === null) return null;
    const { trace } = await app.db.datasetItem.findUniqueOrThrow({
      where: { datasetId_position: { datasetId, position } },
      include: { trace: true },
    });
    return `${trace.promptPreview}=${trace.answerPreview}`;
  };
  return Promise.all(
    entries.map(async (entry) => [
      entry.kind,
      await read(from, entry.from),
      await read(to, entry.to),
    ]),
  );
}

const readAll = async (
  app: App,
  from: string,
  to: string,
  kinds: readonly DiffKind[],
  first: number,
) => {
  const all: DiffEntry[] = [];
  let after: ReturnType<typeof placeOf> | null = null;
  for (;;) {
    const page = await readDiff(app.sql, { from, to }, { kinds, after, first });
    expect(page.entries.length).toBeLessThanOrEqual(first);
    all.push(...page.entries);
    const last = page.entries.at(-1);
    if (!page.hasMore || !last) return all;
    after = placeOf(last);
  }
};

describe('a diff', () => {
  test('tells what came, went, changed and moved', async ({ app }) => {
    await store(app, ['old', 'new'], 'kept');
    await store(app, ['old'], 'gone');
    await store(app, ['new'], 'come');
    await store(app, ['old'], 'Question  One', 'before');
    await store(app, ['new'], 'question one', 'after');
    const [from, to] = [await build(app, 'old'), await build(app, 'new')];
    const { entries } = await readDiff(
      app.sql,
      { from, to },
      { kinds: DIFF_KINDS, after: null, first: 100 },
    );
    const said = await describeEntries(app, from, to, entries);
    expect(said.filter(([kind]) => kind !== 'MOVED')).toEqual([
      ['CHANGED', 'Question  One=before', 'question one=after'],
      ['ADDED', null, 'come=a'],
      ['REMOVED', 'gone=a', null],
    ]);
    const counts = await countDiff(app.sql, from, to);
    expect(counts).toMatchObject({ ADDED: 1, REMOVED: 1, CHANGED: 1 });
    expect(counts.MOVED + counts.SAME).toBe(1);
  });

  test('has the same trace on another side as moved', async ({ app }) => {
    for (let index = 0; index < 12; index++) await store(app, ['sides'], `side ${index}`);
    const from = await build(app, 'sides', { train: 1, eval: 0, test: 0 });
    const to = await build(app, 'sides', { train: 0.5, eval: 0, test: 0.5 });
    const moved = await app.db.datasetItem.count({ where: { datasetId: to, split: 'TEST' } });
    expect(await countDiff(app.sql, from, to)).toEqual({
      ADDED: 0,
      REMOVED: 0,
      CHANGED: 0,
      MOVED: moved,
      SAME: 12 - moved,
    });
    const entries = await readAll(app, from, to, ['MOVED'], 100);
    expect(entries.length).toBe(moved);
    expect(entries.every((entry) => entry.from !== null && entry.from === entry.to)).toBe(true);
  });

  test('pairs several of one prompt and leaves over what has no partner', async ({ app }) => {
    for (const answer of ['1', '2', '3']) await store(app, ['more'], 'several', answer);
    for (const answer of ['4', '5']) await store(app, ['fewer'], 'several', answer);
    const [from, to] = [await build(app, 'more'), await build(app, 'fewer')];
    const counts = { ADDED: 0, REMOVED: 1, CHANGED: 2, MOVED: 0, SAME: 0 };
    expect(await countDiff(app.sql, from, to)).toEqual(counts);
    expect(await countDiff(app.sql, to, from)).toEqual({ ...counts, ADDED: 1, REMOVED: 0 });
  });

  test('of a dataset with itself is empty', async ({ app }) => {
    await store(app, ['self'], 'self');
    const id = await build(app, 'self');
    expect(await readAll(app, id, id, DIFF_KINDS, 10)).toEqual([]);
    expect(await countDiff(app.sql, id, id)).toMatchObject({ SAME: 1, MOVED: 0 });
  });

  test.for([1, 4, 7, 100])('is the same in pages of %i', async (first, { app }) => {
    const [left, right] = [`left-${first}`, `right-${first}`];
    for (let index = 0; index < 6; index++) {
      await store(app, [left], `page ${first} ${index}`, 'before');
      await store(app, [right], `page ${first} ${index + 3}`, 'after');
    }
    const [from, to] = [await build(app, left), await build(app, right)];
    const all = await readAll(app, from, to, DIFF_KINDS, first);
    expect(all.map(({ kind }) => kind)).toEqual([
      ...Array(3).fill('CHANGED'),
      ...Array(3).fill('ADDED'),
      ...Array(3).fill('REMOVED'),
    ]);
    const keys = all.map((entry) => JSON.stringify(entry));
    expect(new Set(keys).size).toBe(9);
    expect(await readAll(app, from, to, ['ADDED', 'REMOVED'], first)).toEqual(all.slice(3));
  });
});
