import { expect, it } from 'vitest';
import { markValues, nextDifference, type PairKind, toBlocks } from './comparePairs.ts';

const pairs = (...kinds: PairKind[]) => kinds.map((kind, index) => ({ kind, index }));

it('folds runs of equal steps and leaves a single one open', () => {
  const blocks = toBlocks(pairs('SAME', 'SAME', 'CHANGED', 'SAME', 'INSERTED', 'SAME', 'SAME'));
  expect(
    blocks.map((block) => (block.kind === 'same' ? block.pairs.length : block.pair.kind)),
  ).toEqual([2, 'CHANGED', 'SAME', 'INSERTED', 2]);
  expect(blocks.map((block) => (block.kind === 'same' ? block.first : block.at))).toEqual([
    0, 2, 3, 4, 5,
  ]);
});

it('shows nothing for two solutions without steps', () => {
  expect(toBlocks([])).toEqual([]);
  expect(nextDifference([], undefined)).toBeUndefined();
});

it('goes from difference to difference and around', () => {
  const all = pairs('SAME', 'REWORDED', 'SAME', 'DELETED');
  expect(nextDifference(all, undefined)).toBe(1);
  expect(nextDifference(all, 1)).toBe(3);
  expect(nextDifference(all, 3)).toBe(1);
  expect(nextDifference(pairs('SAME'), undefined)).toBeUndefined();
});

const shown = (text: string, values: string[]) =>
  markValues(text, values)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join('');

it.each([
  ['17 + 25 = 42', ['42'], '17 + 25 = [42]'],
  ['142 is not 42', ['42'], '142 is not [42]'],
  ['2^5 = 32, so 2^5', ['2^5', '2'], '[2^5] = 32, so [2^5]'],
  ['nothing here', ['7'], 'nothing here'],
  ['', ['7'], ''],
])('marks in %j the values %j', (text, values, expected) => {
  expect(shown(text, values)).toBe(expected);
});
