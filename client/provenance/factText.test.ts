import { expect, test } from 'vitest';
import { factText } from './factText.ts';

test.each([
  [null, ''],
  ['qwen', 'qwen'],
  [7, '7'],
  [['a', 'b'], 'a, b'],
  [{ jax: '0.6' }, '{"jax":"0.6"}'],
])('the fact %j is shown as %j', (value, text) => {
  expect(factText(value)).toBe(text);
});
