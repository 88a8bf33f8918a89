// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { TraceText } from './TraceText.tsx';

afterEach(cleanup);

it('marks what would turn a prompt, a step or an answer around', () => {
  const trace = {
    ...{ id: 't', prompt: 'what is \u202e2 + 2', finalAnswer: '\u20664\u2069' },
    steps: [{ i: 0, type: 'reason', content: 'add \u200fthem' }],
  } as unknown as Parameters<typeof TraceText>[0]['trace'];
  render(<TraceText trace={trace} />);
  const codes = (testId: string) =>
    [...screen.getByTestId(testId).querySelectorAll('[data-code]')].map((mark) =>
      mark.getAttribute('data-code'),
    );
  expect(codes('prompt')).toEqual(['U+202E']);
  expect(codes('steps')).toEqual(['U+200F']);
  expect(codes('final-answer')).toEqual(['U+2066', 'U+2069']);
});
