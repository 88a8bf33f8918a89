import { expect, it } from 'vitest';
import { type LoadPage, PagedList } from './pagedList.ts';

type Row = { id: string; tags: readonly string[] };

/** Pages of two out of `ids`, answered when the test says so. */
function setUp(ids: string[]) {
  const asked: (string | null)[] = [];
  const waiting: { answer: () => void; fail: () => void }[] = [];
  const load: LoadPage<Row, { read: number }> = (after) => {
    asked.push(after);
    const start = after === null ? 0 : Number(after);
    const end = Math.min(start + 2, ids.length);
    return new Promise((resolve, reject) => {
      waiting.push({
        answer: () =>
          resolve({
            rows: ids.slice(start, end).map((id) => ({ id, tags: [] })),
            ...(after === null && { total: ids.length, facts: { read: asked.length } }),
            pageInfo: { hasNextPage: end < ids.length, endCursor: String(end) },
          }),
        fail: () => reject(new Error('lost')),
      });
    });
  };
  const list = new PagedList(load);
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  const answer = async (how: 'answer' | 'fail' = 'answer') => {
    waiting.shift()?.[how]();
    await settle();
  };
  return { list, asked, answer, shown: () => list.view().rows.map(({ id }) => id) };
}

it('reads page after page and asks for nothing twice', async () => {
  const { list, asked, answer, shown } = setUp(['a', 'b', 'c']);
  list.more();
  list.more();
  await answer();
  list.more();
  await answer();
  list.more();
  expect(asked).toEqual([null, '2']);
  expect(shown()).toEqual(['a', 'b', 'c']);
  expect(list.view()).toMatchObject({
    total: 3,
    facts: { read: 1 },
    hasMore: false,
    isLoading: false,
  });
});

it('keeps its rows when a page fails, and goes on from there', async () => {
  const { list, asked, answer, shown } = setUp(['a', 'b', 'c']);
  list.more();
  await answer();
  list.more();
  await answer('fail');
  list.more();
  expect(shown()).toEqual(['a', 'b']);
  expect(list.view().error).toEqual(new Error('lost'));
  list.retry();
  await answer();
  expect(asked).toEqual([null, '2', '2']);
  expect(shown()).toEqual(['a', 'b', 'c']);
});

it('drops a page of an earlier reading that comes late', async () => {
  const ids = ['a', 'b', 'c'];
  const { list, answer, shown } = setUp(ids);
  list.more();
  await answer();
  list.more();
  ids.unshift('new');
  list.reload();
  await answer();
  expect(shown()).toEqual(['a', 'b']);
  await answer();
  expect(shown()).toEqual(['new', 'a']);
});

it('reads a short list again, and only says so of a long one', async () => {
  const { list, asked, answer } = setUp(['a', 'b', 'c']);
  list.more();
  await answer();
  list.refresh();
  await answer();
  expect(asked).toEqual([null, null]);
  list.more();
  await answer();
  list.refresh();
  expect(asked).toHaveLength(3);
  expect(list.view().isOutdated).toBe(true);
  list.reload();
  await answer();
  expect(list.view()).toMatchObject({ isOutdated: false, hasMore: true });
});

it('shows what a change answered and forgets a deleted row', async () => {
  const { list, answer, shown } = setUp(['a', 'b']);
  list.more();
  await answer();
  list.patch([{ id: 'b', tags: ['hard'] }]);
  list.remove('a');
  list.remove('not here');
  expect(shown()).toEqual(['b']);
  expect(list.view().rows[0]?.tags).toEqual(['hard']);
  expect(list.view().total).toBe(1);
});
