// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { PlainText } from './PlainText.tsx';

afterEach(cleanup);

it('marks what would turn the text around, and keeps every character', () => {
  const { container } = render(<PlainText>{'loss \u202e2.0\u202c <b>low</b>'}</PlainText>);
  const marks = [...container.querySelectorAll('[data-code]')];
  expect(marks.map((mark) => [mark.getAttribute('data-code'), mark.textContent])).toEqual([
    ['U+202E', '\u202e'],
    ['U+202C', '\u202c'],
  ]);
  expect(marks[0]?.getAttribute('title')).toContain('right-to-left override');
  expect(container.textContent).toBe('loss \u202e2.0\u202c <b>low</b>');
});

it('is bare text where nothing turns it around', () => {
  const { container } = render(<PlainText>{'שלום, loss 2.0'}</PlainText>);
  expect(container.innerHTML).toBe('שלום, loss 2.0');
});
