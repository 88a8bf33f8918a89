import { expect, it } from 'vitest';
import { formatRange, holds, markedBy, parseRange } from './lineRange.ts';

it.each([
  ['#L1042', { first: 1042, last: 1042 }],
  ['L1042-1060', { first: 1042, last: 1060 }],
  ['#L7-L3', { first: 3, last: 7 }],
  ['', undefined],
  ['#main', undefined],
  ['#L0', undefined],
  ['#L12-', undefined],
  ['#L1e9', undefined],
  ['#L9999999999999999', undefined],
])('%j names %j', (hash, range) => {
  expect(parseRange(hash)).toEqual(range);
});

it.each(['L5', 'L5-9'])('%s is written as it is read', (text) => {
  const range = parseRange(text);
  expect(range && formatRange(range)).toBe(text);
});

it.each([
  ['a click marks one line', 9, false, { first: 1, last: 3 }, { first: 9, last: 9 }],
  ['shift marks down to the line', 9, true, { first: 3, last: 3 }, { first: 3, last: 9 }],
  ['shift marks up to the line', 2, true, { first: 5, last: 6 }, { first: 2, last: 6 }],
  ['shift makes a range smaller', 4, true, { first: 3, last: 9 }, { first: 3, last: 4 }],
  ['shift alone marks one line', 4, true, undefined, { first: 4, last: 4 }],
])('%s', (_title, seq, extend, before, after) => {
  expect(markedBy(seq, extend, before)).toEqual(after);
});

it('holds both of its ends', () => {
  const range = { first: 3, last: 5 };
  expect([2, 3, 4, 5, 6].filter((seq) => holds(range, seq))).toEqual([3, 4, 5]);
  expect(holds(undefined, 3)).toBe(false);
});
