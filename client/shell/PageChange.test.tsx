// @vitest-environment jsdom
import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Link } from '../lib/Link.tsx';
import { stubBrowser } from '../lib/stubBrowser.ts';

beforeAll(stubBrowser);
beforeEach(() => {
  // The first page of a browser has no one before it.
  vi.resetModules();
  history.replaceState(null, '', '/');
});
afterEach(cleanup);

/** A page with links to the others in the frame and in itself. */
async function draw() {
  const { PageChange } = await import('./PageChange.tsx');
  const { Page } = await import('../ui/Page.tsx');
  const root = createRootRoute({
    component: () => (
      <>
        <nav>
          <Link to="/runs">To the runs</Link>
          <Link to="/search">To the search</Link>
        </nav>
        <PageChange />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </>
    ),
  });
  const at = (path: string, title: string, content?: ReactNode) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: () => <Page title={title}>{content}</Page>,
    });
  const routeTree = root.addChildren([
    at('/', 'Home'),
    at('/runs', 'Runs', <Link to="/runs?sort=name">By name</Link>),
    // biome-ignore lint/a11y/noAutofocus: what this is about
    at('/search', 'Search', <input aria-label="Text" autoFocus />),
  ]);
  render(<RouterProvider router={createRouter({ routeTree })} />);
  await screen.findByRole('heading', { name: 'Home' });
}

async function go(link: string, heading: string) {
  const element = screen.getByRole('link', { name: link });
  element.focus();
  fireEvent.click(element);
  await screen.findByRole('heading', { name: heading });
}

const said = () => screen.getByRole('status').textContent;
const focused = () => document.activeElement;

it('leaves the first page as the browser opened it', async () => {
  await draw();
  expect(focused()).toBe(document.body);
  expect(said()).toBe('');
});

it('brings the keyboard into another page and says its title', async () => {
  await draw();
  await go('To the runs', 'Runs');
  await waitFor(() => expect(focused()).toBe(screen.getByRole('main')));
  expect(said()).toBe('Runs');
  expect(document.title).toBe('Runs · Tunix RT');
});

it('leaves the focus to what a page gave it', async () => {
  await draw();
  await go('To the search', 'Search');
  await waitFor(() => expect(said()).toBe('Search'));
  expect(focused()).toBe(screen.getByLabelText('Text'));
});

it('is silent when only what follows the path changes', async () => {
  await draw();
  await go('To the runs', 'Runs');
  await waitFor(() => expect(focused()).toBe(screen.getByRole('main')));
  await go('By name', 'Runs');
  await waitFor(() => expect(location.search).toBe('?sort=name'));
  expect(focused()).toBe(screen.getByRole('link', { name: 'By name' }));
});
