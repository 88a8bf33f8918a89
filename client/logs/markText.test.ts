import { expect, it } from 'vitest';
import { markSpans } from './markText.ts';

const brackets = (texts: string[], text: string, isCaseSensitive = false) =>
  markSpans(
    texts.map((part) => ({ text: part })),
    { text, isCaseSensitive },
  )
    .map((span) => (span.found ? `[${span.text}]` : span.text))
    .join('|');

it.each([
  [['a loss of 2'], 'loss', 'a |[loss]| of 2'],
  [['Loss loss'], 'LOSS', '[Loss]| |[loss]'],
  [['aaaa'], 'aa', '[aa]|[aa]'],
  [['x'], 'y', 'x'],
  [['pre', 'fix'], 'ef', 'pr|[e]|[f]|ix'],
  [['one', 'two'], 'onetwo', '[one]|[two]'],
  [['abc'], '', 'abc'],
  [[], 'a', ''],
])('%j searched for %j is %j', (texts, text, shown) => {
  expect(brackets(texts, text)).toBe(shown);
});

it('minds the case when it is told to', () => {
  expect(brackets(['Loss loss'], 'loss', true)).toBe('Loss |[loss]');
});

it('keeps the colours of what it marks', () => {
  expect(markSpans([{ text: 'red', fg: 1 }], { text: 'ed', isCaseSensitive: false })).toEqual([
    { text: 'r', fg: 1 },
    { text: 'ed', fg: 1, found: true },
  ]);
});
