// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { RenderTokens } from './RenderTokens.tsx';

beforeAll(() => {
  // The component library asks for the colour scheme; jsdom knows no media.
  vi.stubGlobal('matchMedia', () => Object.assign(new EventTarget(), { matches: false }));
});
afterEach(cleanup);

const token = (text: string, loss: boolean, kept = true) => ({ id: 7, text, loss, kept });

function draw(tokens: ReturnType<typeof token>[]) {
  render(
    <MantineProvider>
      <RenderTokens tokens={tokens} maxTokens={3} />
    </MantineProvider>,
  );
  return screen.getByTestId('render-tokens');
}

it('shows every token in order and counts each kind in the legend', () => {
  const box = draw([token('2+2', false), token('=', true), token('4', true)]);
  expect(screen.getByLabelText('Tokens').textContent).toBe('2+2=4');
  expect(box.textContent).toContain('1 read, no loss');
  expect(box.textContent).toContain('2 learnt');
  expect(box.textContent).not.toContain('beyond the limit');
});

it('says how many tokens the limit cuts off', () => {
  const box = draw([
    token('a', false),
    token('b', true),
    token('c', true),
    token('d', true, false),
  ]);
  expect(box.textContent).toContain('1 token beyond the limit');
  expect(box.textContent).toContain('4 tokens and only 3 fit');
});
