// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { LogText } from './LogText.tsx';
import type { Needle } from './markText.ts';

afterEach(cleanup);

const draw = (text: string, needle?: Needle) => {
  const { container } = render(<LogText text={text} needle={needle} />);
  const textsOf = (selector: string) =>
    [...container.querySelectorAll(selector)].map((one) => one.textContent);
  return {
    text: container.textContent,
    marks: textsOf('[data-code]'),
    found: textsOf('[data-found]'),
  };
};

it('marks what would turn a line around, and leaves it in what is copied', () => {
  const line = 'step 3 \u202e5.2=ssol\u202c \u001b[31mred\u2067\u001b[0m';
  expect(draw(line)).toMatchObject({
    text: 'step 3 \u202e5.2=ssol\u202c red\u2067',
    marks: ['\u202e', '\u202c', '\u2067'],
  });
});

it('highlights what was looked for beside and across such marks', () => {
  const line = 'low \u202elow l\u202eow';
  expect(draw(line, { text: 'low', isCaseSensitive: true }).found).toEqual(['low', 'low']);
  expect(draw(line, { text: 'L\u202eO', isCaseSensitive: false })).toMatchObject({
    found: ['l\u202eo'],
    marks: ['\u202e', '\u202e'],
  });
});
