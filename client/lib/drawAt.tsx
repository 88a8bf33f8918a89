import { MantineProvider } from '@mantine/core';
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { type Client, Provider } from 'urql';
import { parseSearch, stringifySearch } from './url.ts';
import { type Viewer, ViewerProvider } from './viewer.ts';

/**
 * Draws a page, or a part of one, at a place such as `/audit?open=1`, with all that it stands in.
 * Without a viewer everything is allowed. Gives the router, to go elsewhere.
 */
export async function drawAt(
  place: string,
  { client, viewer }: { client: Client; viewer?: Viewer },
  children: ReactNode,
) {
  const router = createRouter({
    routeTree: createRootRoute({
      component: () => <ViewerProvider value={viewer}>{children}</ViewerProvider>,
      // Every address is this page.
      notFoundComponent: () => null,
    }),
    history: createMemoryHistory({ initialEntries: [place] }),
    parseSearch,
    stringifySearch,
  });
  await router.load();
  render(
    <Provider value={client}>
      <MantineProvider>
        <RouterProvider router={router} />
      </MantineProvider>
    </Provider>,
  );
  return router;
}
