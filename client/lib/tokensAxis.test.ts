import { expect, it } from 'vitest';
import { tokensAfter } from './tokensAxis.ts';

const point = (step: number, value: number | null) => ({ step, value });

it.each([
  ['before the first step', 0, 0],
  ['before the first that is known', 1, 100],
  ['at one that is known', 2, 200],
  ['between two that are known', 3, 250],
  ['at the last', 6, 400],
  ['after the last', 9, 400],
])('counts the tokens %s', (_title, step, tokens) => {
  expect(tokensAfter([point(2, 200), point(6, 400)])(step)).toBe(tokens);
});

it('counts none where none were reported', () => {
  expect(tokensAfter([])(5)).toBe(0);
});
