import type { App } from '../app.ts';
import { sha256 } from '../lib/canonical.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { buildDataset } from './build.ts';
import type { Fractions, Selection } from './model.ts';
import { countMatching } from './select.ts';
import { previewSelection } from './selectPreview.ts';

const storeMeta = async (app: App, source: string, metas: object[]) => {
  const traces = metas.map((meta) => makePayload({ meta }));
  await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', source });
};

describe('a filter by meta', () => {
  test.for([
    [{ kind: 'a' }, 2],
    [{ kind: 'a', level: 1 }, 1],
    [{ level: 1.0 }, 2],
    [{ list: [1] }, 0],
    [{ list: [1, 2] }, 1],
    [{ list: [2, 1] }, 0],
    [{ deep: { x: 1 } }, 0],
    [{ deep: { y: 2, x: 1 } }, 1],
    [{ none: null }, 1],
    [{ kind: null }, 0],
    [{ missing: 'x' }, 0],
    [{}, 5],
    [null, 5],
  ] as const)('%j is equality on top-level keys', async ([meta, count], { app }) => {
    const source = `meta ${JSON.stringify(meta)}`;
    await storeMeta(app, source, [
      { kind: 'a', level: 1 },
      { kind: 'a', level: 2, list: [1, 2] },
      { kind: 'b', level: 1, deep: { x: 1, y: 2 } },
      { none: null },
    ]);
    await createTraces(app, { traces: [makePayload({ meta: null })], mode: 'PER_ITEM', source });
    const filter = { sources: [source], meta };
    expect(await countMatching(app.sql, filter as Parameters<typeof countMatching>[1])).toBe(count);
  });
});

const storePrompts = async (app: App, source: string, count: number, name = source) => {
  const traces = Array.from({ length: count }, (_, index) =>
    makePayload({ prompt: `${name} ${index}` }),
  );
  await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', source });
};

/** The sides of a new dataset of everything of a source, by prompt. */
async function sidesOf(app: App, source: string, split?: Fractions) {
  const filter = { sources: [source] };
  const input = { name: source, version: crypto.randomUUID(), filter, limit: 1000, split };
  const { id } = await buildDataset(app, input);
  const items = await app.db.datasetItem.findMany({
    where: { datasetId: id },
    include: { trace: true },
  });
  return new Map(items.map(({ trace, split: side }) => [trace.promptHash, side]));
}

describe('the sides of a dataset', () => {
  test('follow the hash of the prompt against the fractions', async ({ app }) => {
    await storePrompts(app, 'places', 400);
    const split = { train: 0.5, eval: 0.25, test: 0.25 };
    const sides = await sidesOf(app, 'places', split);
    expect(sides.size).toBe(400);
    for (const [hash, side] of sides) {
      const place = Number.parseInt(sha256(`split:${hash}`).slice(0, 13), 16) / 2 ** 52;
      expect(side).toBe(place < 0.5 ? 'TRAIN' : place < 0.75 ? 'EVAL' : 'TEST');
    }
  });

  test('keep a prompt where it is, whatever else is in the dataset', async ({ app }) => {
    await storePrompts(app, 'half', 150, 'kept');
    const some = await sidesOf(app, 'half');
    await storePrompts(app, 'half', 300, 'more');
    const all = await sidesOf(app, 'half');
    expect(all.size).toBe(450);
    for (const [hash, side] of some) expect(all.get(hash)).toBe(side);
  });

  test.for([3, 4, 7])('leave none of the three empty for %i prompts', async (count, { app }) => {
    for (const part of ['a', 'b', 'c', 'd']) {
      await storePrompts(app, `few-${count}-${part}`, count);
      const sides = await sidesOf(app, `few-${count}-${part}`);
      expect(new Set(sides.values())).toEqual(new Set(['TRAIN', 'EVAL', 'TEST']));
    }
  });

  test('of two prompts are both TRAIN', async ({ app }) => {
    await storePrompts(app, 'two', 2);
    expect([...(await sidesOf(app, 'two')).values()]).toEqual(['TRAIN', 'TRAIN']);
  });
});

describe('previewSelection', () => {
  test('says what the build then makes, and leaves nothing behind', async ({ app }) => {
    await storePrompts(app, 'shown', 60);
    const input: Selection = {
      filter: { sources: ['shown'] },
      strategy: 'RANDOM',
      seed: 5,
      limit: 25,
      split: { train: 0.6, eval: 0.2, test: 0.2 },
    };
    const shown = await previewSelection(app, input);
    const { id } = await buildDataset(app, { name: 'shown', version: '1', ...input });
    const dataset = await app.db.dataset.findUniqueOrThrow({
      where: { id },
      include: { items: { orderBy: { position: 'asc' }, take: 10 } },
    });
    expect(shown).toEqual({
      matching: 60,
      taken: 25,
      counts: { TRAIN: dataset.trainCount, EVAL: dataset.evalCount, TEST: dataset.testCount },
      stats: dataset.stats,
      sample: dataset.items.map(({ traceId, split }) => ({ traceId, split })),
    });
    expect(shown.counts.TRAIN + shown.counts.EVAL + shown.counts.TEST).toBe(25);
    const left = await app.sql.query("SELECT FROM pg_class WHERE relname = 'selection'");
    expect(left.rowCount).toBe(0);
  });

  test('of a filter that finds nothing is empty', async ({ app }) => {
    expect(await previewSelection(app, { filter: { sources: ['nobody'] } })).toEqual({
      matching: 0,
      taken: 0,
      counts: { TRAIN: 0, EVAL: 0, TEST: 0 },
      stats: null,
      sample: [],
    });
  });

  test('does not count what is excluded', async ({ app }) => {
    await storePrompts(app, 'less', 5);
    const [one] = await app.db.trace.findMany({ where: { source: 'less' } });
    const exclude = { traceIds: [one?.id ?? ''] };
    const shown = await previewSelection(app, { filter: { sources: ['less'] }, exclude });
    expect(shown).toMatchObject({ matching: 4, taken: 4 });
  });

  test('refuses what the build refuses', async ({ app }) => {
    await expect(previewSelection(app, { strategy: 'RANDOM' })).rejects.toMatchObject({
      issues: [{ path: ['seed'], code: 'REQUIRED' }],
    });
    await expect(previewSelection(app, { limit: 10_001 })).rejects.toMatchObject({
      issues: [{ path: ['limit'], code: 'TOO_LARGE' }],
    });
  });
});
