import { expect, it } from 'vitest';
import { countKinds, stretches, type Token, visible } from './tokens.ts';

const token = (text: string, loss: boolean, kept = true): Token => ({ id: 1, text, loss, kept });

const TOKENS = [
  token('2', false),
  token('+', false),
  token('4', true),
  token('.', true),
  // Beyond the limit it does not matter whether it would have carried loss.
  token('!', true, false),
  token('?', false, false),
];

it('counts what is learnt, only read, and cut off', () => {
  expect(countKinds(TOKENS)).toEqual({ LEARNT: 2, READ: 2, CUT: 2 });
});

it('joins neighbours of one kind and loses no token', () => {
  const parts = stretches(TOKENS);
  expect(parts.map(({ kind, start }) => [kind, start])).toEqual([
    ['READ', 0],
    ['LEARNT', 2],
    ['CUT', 4],
  ]);
  expect(parts.flatMap(({ tokens }) => tokens)).toEqual(TOKENS);
  expect(stretches([])).toEqual([]);
});

it('shows line breaks and still breaks the line', () => {
  expect(visible('a\nb\r\n')).toBe('a↵\nb↵\n');
});
