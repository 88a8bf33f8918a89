import { expect, test } from 'vitest';
import { diffText } from './diffKinds.ts';

test.each([
  [{ addedCount: 41, removedCount: 3, changedCount: 12, movedCount: 0 }, '+41 −3 ~12'],
  [{ addedCount: 1200, removedCount: 0, changedCount: 0, movedCount: 2 }, '+1,200 →2'],
  [{ addedCount: 0, removedCount: 0, changedCount: 0, movedCount: 0 }, 'the same items'],
])('%o reads %s', (counts, text) => {
  expect(diffText(counts)).toBe(text);
});
