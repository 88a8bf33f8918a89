import { expect, it } from 'vitest';
import { isNoisy } from './charts.ts';

it.each([
  ['train/loss', true],
  ['train/grad_norm', true],
  ['my/own', true],
  ['train/learning_rate', false],
  ['eval/loss', false],
  ['eval/accuracy', false],
])('smooths %s: %j', (name, expected) => {
  expect(isNoisy(name)).toBe(expected);
});
