// @vitest-environment jsdom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { Provider } from 'urql';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { connection } from '../lib/stubSocket.ts';

vi.mock('../lib/socket.ts', () => import('../lib/stubSocket.ts'));
beforeAll(stubBrowser);
afterEach(cleanup);

const VIEWER = {
  ...{ kind: 'LOCAL', name: 'local', role: 'ADMIN', scopes: ['READ'], authRequired: false },
  user: null,
};

async function draw() {
  // It asks the browser for its colours as it is loaded.
  const { Shell } = await import('./Shell.tsx');
  const counts = { running: 1 };
  const { client } = stubApi({
    UseWho_Query: () => ({ viewer: VIEWER }),
    Shell_Query: () => ({ overview: { runningCount: counts.running, pendingCount: 0 } }),
  });
  const root = createRootRoute({ component: Shell });
  const home = createRoute({ getParentRoute: () => root, path: '/', component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([home]),
    history: createMemoryHistory(),
  });
  await router.load();
  render(
    <Provider value={client}>
      <RouterProvider router={router} />
    </Provider>,
  );
  await screen.findByText('1 running');
  return counts;
}

it('counts again when the connection is back: what ended meanwhile is not told', async () => {
  const counts = await draw();
  counts.running = 0;
  act(connection.lose);
  expect(screen.getByText('1 running')).toBeTruthy();
  act(connection.comeBack);
  await waitFor(() => expect(screen.queryByTestId('running-count')).toBeNull());
});

it('marks what it shows as old while the connection is lost', async () => {
  await draw();
  const marked = () => [screen.getByRole('main'), screen.getByTestId('running-count')];
  for (const part of marked()) expect(part.dataset.stale).toBeUndefined();
  act(connection.lose);
  for (const part of marked()) expect(part.dataset.stale).toBe('true');
  act(connection.comeBack);
  for (const part of marked()) expect(part.dataset.stale).toBeUndefined();
});
