import { expect, test } from 'vitest';
import { markExtracted } from './markExtracted.ts';

test.each([
  ['4 + 4 = 8, so A: 8', '8', ['4 + 4 = 8, so A: ', '8', '']],
  ['A: 18\nDone.', '8', ['A: 18\nDone.', '', '']],
  ['It is New\n york.', 'new York', ['It is ', 'New\n york', '.']],
  ['A: $3.50', '3.50', ['A: $', '3.50', '']],
  ['(a+b)', '(a+b)', ['', '(a+b)', '']],
  ['nothing', null, ['nothing', '', '']],
])('in %j the answer %j is marked where it stands last', (text, answer, parts) => {
  const { before, answer: marked, after } = markExtracted(text, answer);
  expect([before, marked, after]).toEqual(parts);
});
