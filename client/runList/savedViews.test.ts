import { expect, it } from 'vitest';
import { isShown, MOST_VIEWS, parseViews, withView } from './savedViews.ts';

it.each([
  [null, []],
  ['not json', []],
  ['{"name": "x"}', []],
  ['[1, {"name": 2}, {"name": "no url"}]', []],
  [
    '[{"name": "Mine", "url": {"label": "gpu", "text": 5, "other": "x"}, "sort": "oldest"}]',
    [{ name: 'Mine', url: { label: 'gpu' }, sort: 'oldest' }],
  ],
])('reads what the browser kept: %s', (text, views) => {
  expect(parseViews(text)).toEqual(views);
});

it('replaces a view of the same name and keeps no more than it shows', () => {
  const mine = withView([], { name: ' Mine ', url: { label: 'gpu' } });
  expect(withView(mine, { name: 'Mine', url: { label: 'cpu' } })).toEqual([
    { name: 'Mine', url: { label: 'cpu' } },
  ]);
  const many = Array.from({ length: MOST_VIEWS }, (_, index) => ({ name: `${index}`, url: {} }));
  const more = withView(many, { name: 'new', url: {} });
  expect(more).toHaveLength(MOST_VIEWS);
  expect(more.at(-1)?.name).toBe('new');
});

it('knows the view that is shown, whatever is empty', () => {
  const view = { name: 'Failed', url: { status: 'FAILED' } };
  expect(isShown(view, { status: 'FAILED', text: undefined }, undefined)).toBe(true);
  expect(isShown(view, { status: 'FAILED', label: 'gpu' }, undefined)).toBe(false);
  expect(isShown(view, { status: 'FAILED' }, 'oldest')).toBe(false);
});
