// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { Scope } from '../gql/graphql.ts';
import { May } from './May.tsx';
import { MayPage } from './MayPage.tsx';
import { stubBrowser } from './stubBrowser.ts';
import { type Viewer, ViewerProvider } from './viewer.ts';

beforeAll(stubBrowser);
afterEach(cleanup);

const somebody = (...scopes: Scope[]): Viewer => ({
  kind: 'USER',
  name: 'vic@example.org',
  role: 'VIEWER',
  scopes: new Set(scopes),
  authRequired: true,
  user: { id: 'u', name: 'Vic', email: 'vic@example.org' },
});

async function draw(viewer: Viewer | undefined, children: ReactNode) {
  const router = createRouter({
    routeTree: createRootRoute({
      component: () => <ViewerProvider value={viewer}>{children}</ViewerProvider>,
    }),
    history: createMemoryHistory(),
  });
  await router.load();
  render(
    <MantineProvider>
      <RouterProvider router={router} />
    </MantineProvider>,
  );
}

const button = (
  <>
    <p>a list</p>
    <May scope="RUNS_WRITE">
      <button type="button">New run</button>
    </May>
  </>
);

it('shows what somebody may do, and nothing in place of what they may not', async () => {
  await draw(somebody('READ', 'RUNS_WRITE'), button);
  expect(await screen.findByText('New run')).toBeTruthy();
  cleanup();
  await draw(somebody('READ'), button);
  expect(await screen.findByText('a list')).toBeTruthy();
  expect(screen.queryByText('New run')).toBeNull();
});

it('says on a page that is not for somebody what it needs and who can help', async () => {
  const page = (
    <MayPage scope="RUNS_WRITE" title="New run">
      <p>the form</p>
    </MayPage>
  );
  await draw(somebody('READ'), page);
  const notice = await screen.findByTestId('not-allowed');
  expect(notice.textContent).toMatch(/scope RUNS_WRITE.*You are a viewer here.*administrator/);
  expect(screen.queryByText('the form')).toBeNull();
  cleanup();
  await draw(somebody('RUNS_WRITE'), page);
  expect(await screen.findByText('the form')).toBeTruthy();
});
