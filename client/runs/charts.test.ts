import { expect, it } from 'vitest';
import { CHARTS, isNoisy, valueWord } from './charts.ts';

it.each([
  ['train/loss', true],
  ['train/grad_norm', true],
  ['my/own', true],
  ['train/learning_rate', false],
  ['eval/loss', false],
  ['eval/accuracy', false],
  ['device/memory_peak', false],
])('smooths %s: %j', (name, expected) => {
  expect(isNoisy(name)).toBe(expected);
});

it.each([
  ['Device memory', 3 * 2 ** 30, '3.0 GiB'],
  ['Device memory', null, '–'],
  ['Loss', 0.5, '0.5'],
])('writes a value of %s: %j', (title, value, text) => {
  expect(
    valueWord(
      CHARTS.find((chart) => chart.title === title),
      value,
    ),
  ).toBe(text);
});
