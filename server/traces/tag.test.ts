import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace } from '../test/traces.ts';
import { tagTraces } from './tag.ts';

const tagsOf = async (app: App, ids: string[]) => {
  const rows = await app.db.trace.findMany({ where: { id: { in: ids } } });
  return ids.map((id) => rows.find((row) => row.id === id)?.tags);
};

const put = async (app: App, ...tags: string[]) => (await putTrace(app, {}, { tags })).id;
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

describe('tagTraces', () => {
  test('adds and removes, keeps the order, and counts what changed', async ({ app }) => {
    const ids = [await put(app, 'a', 'b'), await put(app), await put(app, 'c')];
    const result = await tagTraces(app, { ids, add: ['c', 'd', 'c'], remove: ['a', 'none'] });
    expect(result).toEqual({ ids, changed: 3 });
    expect(await tagsOf(app, ids)).toEqual([
      ['b', 'c', 'd'],
      ['c', 'd'],
      ['c', 'd'],
    ]);
    expect(await tagTraces(app, { ids, add: ['c', 'd'] })).toMatchObject({ changed: 0 });
  });

  test('takes 1000 ids, each once', async ({ app }) => {
    const id = await put(app);
    const ids = Array<string>(1000).fill(id);
    expect(await tagTraces(app, { ids, add: ['x'] })).toEqual({ ids: [id], changed: 1 });
    await expect(tagTraces(app, { ids: [...ids, id], add: ['x'] })).rejects.toMatchObject({
      issues: [{ path: ['ids'], code: 'TOO_LONG', limit: '1000' }],
    });
    await expect(tagTraces(app, { ids: [] })).rejects.toMatchObject({
      issues: [{ path: ['ids'], code: 'TOO_SHORT' }],
    });
  });

  test('allows 32 tags on a trace, and changes none when one would have more', async ({ app }) => {
    const ids = [await put(app), await put(app, ...numbered(31))];
    await tagTraces(app, { ids, add: ['last'] });
    const refused = tagTraces(app, { ids, add: ['more'] });
    await expect(refused).rejects.toMatchObject({
      issues: [{ path: ['ids', '1'], code: 'TOO_LONG', limit: '32', found: '33' }],
    });
    expect((await tagsOf(app, ids))[0]).toEqual(['last']);
    await tagTraces(app, { ids, add: ['more'], remove: ['t0'] });
    expect((await tagsOf(app, ids))[1]?.length).toBe(32);
  });

  test('changes none when one does not exist', async ({ app }) => {
    const id = await put(app);
    const refused = tagTraces(app, { ids: [id, randomUUIDv7()], add: ['x'] });
    await expect(refused).rejects.toThrow(NotFoundError);
    expect(await tagsOf(app, [id])).toEqual([[]]);
  });

  test.for<[object, string[]]>([
    [{ add: ['-x'] }, ['add', '0']],
    [{ add: ['ok', 'x'.repeat(65)] }, ['add', '1']],
    [{ add: numbered(33) }, ['add']],
    [{ remove: ['\0'] }, ['remove', '0']],
    [{ add: ['a', 'b'], remove: ['b'] }, ['add', '1']],
  ])('refuses %j', async ([change, path], { app }) => {
    const refused = tagTraces(app, { ids: [await put(app)], ...change });
    await expect(refused).rejects.toThrow(ValidationError);
    await expect(refused).rejects.toMatchObject({ issues: [{ path }] });
  });

  test('loses no tag of two calls at once', async ({ app }) => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => put(app)));
    await Promise.all(
      numbered(8).map((tag, i) =>
        tagTraces(app, { ids: i % 2 ? ids : ids.toReversed(), add: [tag] }),
      ),
    );
    for (const tags of await tagsOf(app, ids)) expect(tags?.toSorted()).toEqual(numbered(8));
  });
});
