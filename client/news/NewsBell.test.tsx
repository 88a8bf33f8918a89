// @vitest-environment jsdom
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Provider } from 'urql';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser, stubLayout } from '../lib/stubBrowser.ts';
import type { NewsItem } from './news.ts';
import { newsStore } from './newsStore.ts';

vi.mock('../lib/socket.ts', () => import('../lib/stubSocket.ts'));
beforeAll(stubBrowser);
beforeAll(stubLayout);
afterEach(() => {
  cleanup();
  newsStore.clear();
});

const EVENT: NewsItem = {
  ...{ id: 'run 7 COMPLETED 1', tone: 'good', title: 'Run 7 is completed', text: '' },
  ...{ to: '/runs/7', at: 0 },
};

/** It happens now. */
const happen = () => act(() => void newsStore.add({ ...EVENT, at: Date.now() }));

async function draw() {
  const { NewsBell } = await import('./NewsBell.tsx');
  const router = createRouter({
    routeTree: createRootRoute({ component: NewsBell }),
    history: createMemoryHistory(),
  });
  await router.load();
  render(
    <Provider value={stubApi({}).client}>
      <RouterProvider router={router} />
    </Provider>,
  );
  return screen.findByTestId('news-bell');
}

async function open(bell: HTMLElement) {
  bell.focus();
  fireEvent.click(bell);
  const panel = await screen.findByTestId('news-panel');
  await waitFor(() => expect(panel.contains(document.activeElement)).toBe(true));
  return panel;
}

it('stays the same button with its focus, opened and closed', async () => {
  const bell = await draw();
  const panel = await open(bell);
  expect(screen.getByTestId('news-bell')).toBe(bell);
  expect(bell.getAttribute('aria-expanded')).toBe('true');
  expect(panel.getAttribute('aria-labelledby')).toBe(bell.id);
  fireEvent.keyDown(document.activeElement ?? panel, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByTestId('news-panel')).toBeNull());
  expect(screen.getByTestId('news-bell')).toBe(bell);
  expect(document.activeElement).toBe(bell);
});

it('closes by its own button and by a click elsewhere', async () => {
  const bell = await draw();
  await open(bell);
  fireEvent.mouseDown(bell);
  fireEvent.click(bell);
  await waitFor(() => expect(screen.queryByTestId('news-panel')).toBeNull());
  await open(bell);
  fireEvent.mouseDown(document.body);
  await waitFor(() => expect(screen.queryByTestId('news-panel')).toBeNull());
});

it('counts what came while the panel is open as seen', async () => {
  const bell = await draw();
  await open(bell);
  happen();
  expect(await screen.findByText(EVENT.title)).toBeTruthy();
  await waitFor(() => expect(bell.getAttribute('aria-label')).toBe('News'));
});
