// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { Code } from './Code.tsx';

beforeAll(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('marks what would turn the text around, and copies the text as it is', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', {
    clipboard: { writeText: async (text: string) => written.push(text) },
  });
  const text = '{ "name": "\u202egnp.exe" }';
  render(
    <MantineProvider>
      <Code label="the manifest">{text}</Code>
    </MantineProvider>,
  );
  const box = screen.getByRole('region', { name: 'the manifest' });
  expect(box.querySelector('[data-code]')?.getAttribute('data-code')).toBe('U+202E');
  fireEvent.click(screen.getByRole('button', { name: 'Copy the manifest' }));
  await expect.poll(() => written).toEqual([text]);
});
