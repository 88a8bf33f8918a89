// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { NewRunPage } from './NewRunPage.tsx';

const reconnect = vi.hoisted(() => new Set<() => void>());
vi.mock('../lib/socket.ts', () => ({
  onReconnect: (listener: () => void) => {
    reconnect.add(listener);
    return () => reconnect.delete(listener);
  },
}));
// What the run would become is not what this is about.
vi.mock('./RunPreviewPanel.tsx', () => ({ RunPreviewPanel: () => null }));
beforeAll(stubBrowser);
afterEach(cleanup);

const page = {
  run: null,
  datasets: { edges: [{ node: { id: 'd', key: 'math-v1', itemCount: 3 } }] },
  evaluationSets: { edges: [] },
  runners: [],
  models: [{ id: 'qwen3-tiny', family: 'qwen3', description: 'small', builtIn: true }],
};

const preview = {
  validateRun: {
    __typename: 'RunPreview',
    config: {},
    timeoutSeconds: 60,
    priority: 0,
    maxAttempts: 1,
    warnings: [],
  },
};

/** A server that cannot be asked to validate, until it is said to be up. */
function flaky() {
  const server = { isDown: true };
  const api = stubApi({
    NewRunPage_Query: () => page,
    NewRunForm_Validate: () => (server.isDown ? new Error('cut') : preview),
  });
  return { api, server };
}

const start = () => screen.getByTestId<HTMLButtonElement>('submit');

it.each([
  ['when asked to', () => fireEvent.click(screen.getByRole('button', { name: 'Try again' }))],
  [
    'after a reconnect',
    () => {
      for (const listener of reconnect) listener();
    },
  ],
])('validates again %s, so that a run can start', async (_when, again) => {
  const { api, server } = flaky();
  await drawAt('/runs/new', api, <NewRunPage />);
  expect((await screen.findByTestId('unanswered')).textContent).toContain('does not answer');
  expect(start().disabled).toBe(true);
  server.isDown = false;
  again();
  await vi.waitFor(() => expect(start().disabled).toBe(false));
  expect(screen.queryByTestId('unanswered')).toBeNull();
});

it.each(['99', 'mine'])('says that there is no run %s to start from', async (from) => {
  await drawAt(`/runs/new?from=${from}`, flaky().api, <NewRunPage />);
  expect(await screen.findByText('There is no such run')).toBeTruthy();
  expect(screen.queryByTestId('new-run-form')).toBeNull();
});
