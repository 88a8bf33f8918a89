// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { stubBrowser, stubLayout } from '../lib/stubBrowser.ts';
import { SavedViews } from './SavedViews.tsx';

beforeAll(stubBrowser);
beforeAll(stubLayout);
afterEach(() => {
  cleanup();
  localStorage.clear();
});

const draw = () =>
  render(
    <MantineProvider>
      <SavedViews url={{ text: 'big' }} sort={undefined} onShow={() => undefined} />
    </MantineProvider>,
  );

async function name() {
  const button = await screen.findByTestId('keep-view');
  button.focus();
  fireEvent.click(button);
  const box = await screen.findByLabelText('Name of the view');
  await waitFor(() => expect(document.activeElement).toBe(box));
  return { button, box };
}

it('gives the focus back to the button when no view is kept', async () => {
  draw();
  const { button } = await name();
  fireEvent.mouseDown(document.body);
  await waitFor(() => expect(document.activeElement).toBe(button));
});

it('goes to the view that was kept, and to one that is left when it is forgotten', async () => {
  draw();
  const { box } = await name();
  fireEvent.change(box, { target: { value: 'Big ones' } });
  fireEvent.submit(box);
  const kept = await screen.findByRole('button', { name: 'Big ones' });
  expect(document.activeElement).toBe(kept);
  const forget = screen.getByRole('button', { name: 'Forget the view Big ones' });
  forget.focus();
  fireEvent.click(forget);
  expect(document.activeElement?.getAttribute('aria-pressed')).toBe('false');
});
