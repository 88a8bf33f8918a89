import { expect, it } from 'vitest';
import { sortedBy, sortingFromUrl, sortingToUrl } from './traceSorting.ts';

it.each([
  [undefined, false, { by: 'CREATED_AT', direction: 'DESC' }],
  [undefined, true, { by: 'RELEVANCE', direction: 'DESC' }],
  ['steps', false, { by: 'STEP_COUNT', direction: 'DESC' }],
  ['steps:asc', true, { by: 'STEP_COUNT', direction: 'ASC' }],
  ['relevance', false, { by: 'CREATED_AT', direction: 'DESC' }],
  ['nonsense:asc', false, { by: 'CREATED_AT', direction: 'DESC' }],
] as const)('reads %j of a list with text: %j', (word, hasText, sorting) => {
  expect(sortingFromUrl(word, hasText)).toEqual(sorting);
});

it.each([
  ['added:asc', false],
  ['score', false],
  ['added', true],
  [undefined, true],
] as const)('writes %j as it was read', (word, hasText) => {
  expect(sortingToUrl(sortingFromUrl(word, hasText), hasText)).toBe(word);
});

it('turns around with a second click on the same head', () => {
  const first = sortedBy({ by: 'CREATED_AT', direction: 'DESC' }, 'STEP_COUNT');
  expect(first).toEqual({ by: 'STEP_COUNT', direction: 'DESC' });
  expect(sortedBy(first, 'STEP_COUNT').direction).toBe('ASC');
});
