import { expect, it } from 'vitest';
import { splitLines } from './logRow.ts';

it.each([
  ['a\n\nb\n', 3, ['a', '', 'b']],
  ['a\nb', 2, ['a', 'b']],
  ['\n', 1, ['']],
  ['', 1, ['']],
])('%j holds %i lines, empty and cut ones too', (text, count, lines) => {
  expect(splitLines(text, count)).toEqual(lines);
});
