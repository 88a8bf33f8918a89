// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { ConnectPanel } from './ConnectPanel.tsx';

beforeAll(stubBrowser);
afterEach(cleanup);

type Online = Parameters<typeof ConnectPanel>[0]['online'];

const panel = (online: Online) => (
  <MantineProvider>
    <ConnectPanel online={online} onClose={() => undefined} />
  </MantineProvider>
);

const runner = (name: string): Online[number] => ({
  id: name,
  name,
  devices: [{ kind: 'NVIDIA H200', platform: 'gpu', memoryBytes: String(139 * 2 ** 30) }],
});

it('waits, and flips when a runner is heard of that was not there', () => {
  const { rerender } = render(panel([runner('old')]));
  const state = () => screen.getByTestId('connect-state').textContent;
  expect(state()).toContain('Waiting');
  rerender(panel([runner('old')]));
  expect(state()).toContain('Waiting');
  rerender(panel([runner('old'), runner('h200-1')]));
  expect(state()).toBe('Connected: h200-1, NVIDIA H200 (gpu, 139.0 GiB)');
});

it('writes what is filled in into the one command', () => {
  render(panel([]));
  fireEvent.change(screen.getByLabelText('Labels'), { target: { value: 'gpu, h200' } });
  expect(screen.getByLabelText('command').textContent).toContain('RUNNER_LABELS=gpu,h200 npm run');
  fireEvent.change(screen.getByLabelText('Runs side by side'), { target: { value: 'many' } });
  expect(screen.getByText('Write 1 to 64')).toBeTruthy();
});
