import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { ConflictError, NotFoundError, ValidationError } from '../errors.ts';
import { sha256 } from '../lib/canonical.ts';
import { makePayload } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { createTraces } from '../traces/create.ts';
import { buildDataset } from './build.ts';

let made = 0;
const version = () => String(++made);

const store = async (app: App, count: number, labels: { source: string; tags?: string[] }) => {
  const traces = Array.from({ length: count }, () => makePayload());
  const results = await createTraces(app, { traces, mode: 'PER_ITEM', ...labels });
  return results.flatMap(({ stored }) => (stored ? [stored.id] : []));
};

const datasetOf = (app: App, id: string) =>
  app.db.dataset.findUniqueOrThrow({
    where: { id },
    include: { items: { orderBy: { position: 'asc' } } },
  });

type Recipe = Partial<Parameters<typeof buildDataset>[1]>;

const build = async (app: App, input: Recipe = {}) =>
  datasetOf(app, (await buildDataset(app, { name: 'set', version: version(), ...input })).id);

describe('buildDataset', () => {
  test('freezes the newest in the order of their content, with sides and figures', async ({
    app,
  }) => {
    const ids = await store(app, 30, { source: 'figures' });
    const filter = { sources: ['figures'] };
    const dataset = await build(app, { name: 'Fig_1.0', version: 'v-1', filter, limit: 20 });
    const newest = await app.db.trace.findMany({
      where: { id: { in: ids } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: 20,
    });
    const ordered = newest.toSorted((a, b) => (a.contentHash < b.contentHash ? -1 : 1));
    expect(dataset.items.map(({ traceId }) => traceId)).toEqual(ordered.map(({ id }) => id));
    expect(dataset.items.map(({ position }) => position)).toEqual([...Array(20).keys()]);
    const sides = (side: string) => dataset.items.filter(({ split }) => split === side).length;
    const chars = newest.reduce((sum, trace) => sum + trace.totalChars, 0) / 20;
    expect(dataset).toMatchObject({
      key: 'Fig_1.0-v-1',
      itemCount: 20,
      trainCount: sides('TRAIN'),
      evalCount: sides('EVAL'),
      testCount: sides('TEST'),
      stats: {
        avgStepCount: 1,
        minStepCount: 1,
        maxStepCount: 1,
        avgTotalChars: Math.round(chars * 100) / 100,
      },
      recipe: {
        filter,
        strategy: 'LATEST',
        limit: 20,
        seed: null,
        split: { train: 0.8, eval: 0.1, test: 0.1 },
        exclude: [],
      },
      provenance: {},
      parentId: null,
    });
    expect(Math.min(sides('TRAIN'), sides('EVAL'), sides('TEST'))).toBeGreaterThan(0);
  });

  test('takes 100 when no limit is given, out of all that match', async ({ app }) => {
    const first = await store(app, 5, { source: 'many', tags: ['first'] });
    await store(app, 120, { source: 'many' });
    expect((await build(app, { filter: { sources: ['many'] } })).itemCount).toBe(100);
    const old = await build(app, { filter: { sources: ['many'], tags: ['first'] } });
    expect(new Set(old.items.map(({ traceId }) => traceId))).toEqual(new Set(first));
  });

  test('gives the same content for the same recipe, and another for another', async ({ app }) => {
    await store(app, 60, { source: 'again' });
    const recipe: Recipe = {
      filter: { sources: ['again'] },
      strategy: 'RANDOM',
      limit: 20,
      seed: 7,
    };
    const [one, two] = [await build(app, recipe), await build(app, { ...recipe, name: 'other' })];
    expect(two.contentHash).toBe(one.contentHash);
    expect(two.items.map((item) => item.traceId)).toEqual(one.items.map((item) => item.traceId));
    const others = [
      await build(app, { ...recipe, seed: 8 }),
      await build(app, { ...recipe, seed: -7 }),
      await build(app, { ...recipe, strategy: 'LATEST' }),
      await build(app, { ...recipe, limit: 21 }),
      await build(app, { ...recipe, split: { train: 0.1, eval: 0.1, test: 0.8 } }),
    ];
    const hashes = [one, ...others].map(({ contentHash }) => contentHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('chooses at random by seed and content, not by what was stored when', async ({ app }) => {
    const recipe: Recipe = {
      filter: { sources: ['drawn'] },
      strategy: 'RANDOM',
      limit: 10,
      seed: 1,
    };
    await store(app, 40, { source: 'drawn' });
    const before = await build(app, recipe);
    await app.sql.query(
      `UPDATE traces SET created_at = created_at - make_interval(secs => total_chars),
         id = gen_random_uuid()
       WHERE source = 'drawn' AND id NOT IN (SELECT trace_id FROM dataset_items)`,
    );
    expect((await build(app, recipe)).contentHash).toBe(before.contentHash);
  });

  test('puts one prompt on one side, however it is written', async ({ app }) => {
    const traces = Array.from({ length: 60 }, (_, index) =>
      makePayload({ prompt: `${index % 2 ? 'Same  Prompt' : 'same prompt'} ${index >> 1}` }),
    );
    await createTraces(app, { traces, mode: 'ALL_OR_NOTHING', source: 'twins' });
    const dataset = await build(app, { filter: { sources: ['twins'] } });
    const rows = await app.db.trace.findMany({
      where: { id: { in: dataset.items.map(({ traceId }) => traceId) } },
    });
    const sideOf = new Map(dataset.items.map(({ traceId, split }) => [traceId, split]));
    const groups = Map.groupBy(rows, (row) => row.promptHash);
    expect(groups.size).toBe(30);
    for (const group of groups.values()) {
      expect(new Set(group.map(({ id }) => sideOf.get(id))).size).toBe(1);
    }
  });

  test('of the newest does not depend on the order in which they were stored', async ({ app }) => {
    const ids = await store(app, 40, { source: 'reversed' });
    const filter = { sources: ['reversed'] };
    const before = await build(app, { filter });
    await app.sql.query(
      `UPDATE traces SET created_at = now() - row * interval '1 day'
       FROM unnest($1::uuid[]) WITH ORDINALITY AS stored(trace, row) WHERE id = trace`,
      [ids],
    );
    expect((await build(app, { filter })).contentHash).toBe(before.contentHash);
  });

  test('stores a recipe in one form, however it was written', async ({ app }) => {
    await store(app, 3, { source: 'form', tags: ['a', 'b'] });
    const one = await build(app, {
      filter: { sources: ['form'], tags: ['b', 'a', 'b'], text: '', versions: [], meta: {} },
      seed: 3,
      exclude: { traceIds: [] },
    });
    const two = await build(app, { filter: { sources: ['form'], tags: ['a', 'b'] } });
    expect(one.recipe).toEqual(two.recipe);
    expect(one.recipe).toMatchObject({
      filter: { sources: ['form'], tags: ['a', 'b'] },
      seed: null,
      exclude: [],
    });
    expect(one.contentHash).toBe(two.contentHash);
  });

  test('leaves out traces by id, by finding and by content hash', async ({ app }) => {
    const ids = await store(app, 8, { source: 'spoilt' });
    const filter = { sources: ['spoilt'] };
    const whole = await build(app, { filter });
    const check = await app.db.datasetCheck.create({
      data: { id: randomUUIDv7(), datasetId: whole.id },
    });
    const finding = await app.db.finding.create({
      data: {
        id: randomUUIDv7(),
        checkId: check.id,
        code: 'EMPTY_STEP',
        severity: 'WARNING',
        position: 0,
        traceId: ids[1] ?? '',
        message: 'x',
        fingerprint: sha256('x'),
      },
    });
    const hashOf = async (id = '') =>
      (await app.db.trace.findUniqueOrThrow({ where: { id } })).contentHash;
    const hashes = await Promise.all(ids.slice(0, 3).map(hashOf));
    const nowhere = 'f'.repeat(64);
    const rest = await build(app, {
      filter,
      exclude: {
        traceIds: [ids[0] ?? '', ids[0] ?? ''],
        findingIds: [finding.id],
        contentHashes: [hashes[2] ?? '', nowhere],
      },
    });
    expect(new Set(rest.items.map(({ traceId }) => traceId))).toEqual(new Set(ids.slice(3)));
    expect(rest.recipe).toMatchObject({ exclude: [...hashes, nowhere].toSorted() });
    const again = await build(app, { filter, exclude: { contentHashes: [nowhere, ...hashes] } });
    expect(again).toMatchObject({ contentHash: rest.contentHash, recipe: rest.recipe ?? {} });
  });

  test.for(['traceIds', 'findingIds'])(
    'names what is not there to be left out by %s',
    async (field, { app }) => {
      const exclude = { [field]: [randomUUIDv7()] };
      await expect(buildDataset(app, { name: 'x', version: '1', exclude })).rejects.toMatchObject({
        issues: [{ path: ['exclude', field, '0'], code: 'NOT_FOUND' }],
      });
    },
  );

  test('leaves out what a check found and nobody accepted, of all rules or of some', async ({
    app,
  }) => {
    const filter = { sources: ['checked out'] };
    const ids = await store(app, 5, { source: 'checked out' });
    const parent = await build(app, { filter });
    const { id: checkId } = await app.db.datasetCheck.create({
      data: { id: randomUUIDv7(), datasetId: parent.id, settings: {}, summary: {} },
    });
    const found = (at: number, code: string, fingerprint: string) => ({
      id: randomUUIDv7(),
      checkId,
      code,
      severity: 'WARNING' as const,
      position: at,
      traceId: ids[at] ?? '',
      message: 'x',
      fingerprint,
    });
    await app.db.finding.createMany({
      data: [
        found(0, 'EMPTY_STEP', sha256('open')),
        found(0, 'REPEATED_STEP', sha256('open too')),
        found(1, 'REPEATED_STEP', sha256('open three')),
        found(2, 'EMPTY_STEP', sha256('accepted')),
      ],
    });
    await app.db.findingWaiver.create({
      data: { datasetId: parent.id, fingerprint: sha256('accepted'), reason: 'fine' },
    });
    const left = async (exclude: object) => {
      const { items } = await build(app, { filter, exclude });
      return new Set(items.map(({ traceId }) => traceId));
    };
    expect(await left({ checkId })).toEqual(new Set(ids.slice(2)));
    expect(await left({ checkId, codes: ['EMPTY_STEP'] })).toEqual(new Set(ids.slice(1)));
    expect(await left({ checkId, codes: ['SPLIT_LEAKAGE'] })).toEqual(new Set(ids));
  });

  test('names a check that is not there', async ({ app }) => {
    const exclude = { checkId: randomUUIDv7() };
    await expect(buildDataset(app, { name: 'x', version: '1', exclude })).rejects.toMatchObject({
      issues: [{ path: ['exclude', 'checkId'], code: 'NOT_FOUND' }],
    });
  });

  test.for([
    [1, 'begins anew'],
    [99, 'says so'],
  ] as const)('whose trace is deleted %i times meanwhile %s', async ([times, does], { app }) => {
    const source = `deleted ${times}`;
    const ids = await store(app, 3, { source });
    // A sequence keeps its value when the transaction is rolled back, and with it the deletion.
    await app.sql.query(`
      CREATE SEQUENCE deletions;
      CREATE FUNCTION delete_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('deletions') <= ${times} THEN DELETE FROM traces WHERE id = '${ids[0]}'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER deletion AFTER INSERT ON datasets FOR EACH ROW EXECUTE FUNCTION delete_one()`);
    try {
      const building = build(app, { name: 'shrinking', filter: { sources: [source] } });
      if (does === 'begins anew') expect((await building).itemCount).toBe(3);
      else {
        await expect(building).rejects.toThrow(ConflictError);
        await expect(building).rejects.toThrow(/were deleted again and again/);
      }
    } finally {
      await app.sql.query('DROP FUNCTION delete_one CASCADE; DROP SEQUENCE deletions');
    }
  });

  test('says that nothing is left when all is excluded', async ({ app }) => {
    const traceIds = await store(app, 2, { source: 'none left' });
    const input = { name: 'x', version: '1', filter: { sources: ['none left'] } };
    await expect(buildDataset(app, { ...input, exclude: { traceIds } })).rejects.toMatchObject({
      issues: [{ code: 'NO_MATCH' }],
    });
  });

  test('refuses a key that is taken, also one that only reads the same', async ({ app }) => {
    await store(app, 3, { source: 'taken' });
    const first = await build(app, { name: 'a-b', version: 'c' });
    for (const input of [
      { name: 'a-b', version: 'c' },
      { name: 'a', version: 'b-c' },
    ]) {
      const refused = buildDataset(app, input);
      await expect(refused).rejects.toThrow(ConflictError);
      await expect(refused).rejects.toMatchObject({ resource: 'Dataset', existingId: first.id });
    }
  });

  test('lets one of several builders of a key win', async ({ app }) => {
    await store(app, 3, { source: 'race' });
    const input = { name: 'race', version: '1' };
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => buildDataset(app, input)));
    const lost = all.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(lost.length).toBe(5);
    expect(lost.every((error) => error instanceof ConflictError)).toBe(true);
    expect(await app.db.dataset.count({ where: { key: 'race-1' } })).toBe(1);
  });

  test('refuses a filter that matches nothing', async ({ app }) => {
    const refused = buildDataset(app, { name: 'x', version: '1', filter: { sources: ['nobody'] } });
    await expect(refused).rejects.toThrow(ValidationError);
    await expect(refused).rejects.toMatchObject({
      issues: [{ path: ['filter'], code: 'NO_MATCH' }],
    });
  });

  test('knows its parent, and refuses one that does not exist', async ({ app }) => {
    await store(app, 3, { source: 'family' });
    const parent = await build(app);
    expect(await build(app, { parentKey: parent.key })).toMatchObject({ parentId: parent.id });
    const orphan = buildDataset(app, { name: 'x', version: '1', parentKey: 'none-1' });
    await expect(orphan).rejects.toThrow(NotFoundError);
    await expect(orphan).rejects.toMatchObject({ resource: 'Dataset' });
  });

  test('keeps what its maker says of it', async ({ app }) => {
    await store(app, 1, { source: 'said' });
    const provenance = { by: 'é😀', list: [1, { deep: null }] };
    expect(await build(app, { provenance })).toMatchObject({ provenance });
  });

  test.for([
    [{ name: '' }, 'name', 'TOO_SHORT'],
    [{ name: 'n'.repeat(129) }, 'name', 'TOO_LONG'],
    [{ name: 'a b' }, 'name', 'INVALID'],
    [{ name: '../x' }, 'name', 'INVALID'],
    [{ version: 'v'.repeat(65) }, 'version', 'TOO_LONG'],
    [{ version: 'a/b' }, 'version', 'INVALID'],
    [{ limit: 0 }, 'limit', 'TOO_SMALL'],
    [{ limit: 10_001 }, 'limit', 'TOO_LARGE'],
    [{ strategy: 'RANDOM' }, 'seed', 'REQUIRED'],
    [{ strategy: 'RANDOM', seed: 0.5 }, 'seed', 'WRONG_TYPE'],
    [{ split: { train: 0.5, eval: 0.1, test: 0.1 } }, 'split', 'FRACTIONS'],
    [{ split: { train: 0, eval: 0.5, test: 0.5 } }, 'split.train', 'TOO_SMALL'],
    [{ split: { train: 1.5, eval: -0.5, test: 0 } }, 'split.train', 'TOO_LARGE'],
    [{ provenance: { a: '\0' } }, 'provenance.a', 'NUL_CHARACTER'],
    [{ provenance: [] }, 'provenance', 'WRONG_TYPE'],
    [{ filter: { importId: 'x' } }, 'filter.importId', 'INVALID'],
    [{ filter: { prompt: 'x' } }, 'filter.prompt', 'UNKNOWN_FIELD'],
    [{ exclude: { traceIds: ['x'] } }, 'exclude.traceIds.0', 'INVALID'],
    [{ exclude: { contentHashes: ['F'] } }, 'exclude.contentHashes.0', 'INVALID'],
    [{ exclude: { ids: [] } }, 'exclude.ids', 'UNKNOWN_FIELD'],
    [{ exclude: { checkId: 'x' } }, 'exclude.checkId', 'INVALID'],
    [{ exclude: { codes: ['EMPTY_STEP'] } }, 'exclude.codes', 'REQUIRED'],
    [{ more: 1 }, 'more', 'UNKNOWN_FIELD'],
  ] as const)('refuses %j', async ([over, path, code], { app }) => {
    const input = { name: 'x', version: '1', ...over } as Parameters<typeof buildDataset>[1];
    await expect(buildDataset(app, input)).rejects.toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining({ path: path.split('.'), code })]),
    });
  });
});
