// @vitest-environment jsdom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { type ComponentType, Suspense, useState } from 'react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { reloadPage } from '../lib/reloadPage.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';

const OLD = '<script type="module" src="/assets/index-old.js"></script>';
const NEW = '<script type="module" src="/assets/index-new.js"></script>';

vi.mock(import('../lib/reloadPage.ts'), () => ({ reloadPage: vi.fn<() => void>() }));

beforeAll(() => {
  stubBrowser();
  document.head.innerHTML = OLD;
});
afterEach(() => {
  cleanup();
  vi.mocked(reloadPage).mockClear();
});

/** What the server has at `/` now. */
const serve = (page: string | Error) =>
  vi.stubGlobal('fetch', async () => {
    if (page instanceof Error) throw page;
    return new Response(page);
  });

/** Fails as the code that Vite puts around `import` does; the words are those of Chrome. */
async function gone(): Promise<Record<'Part', ComponentType>> {
  const payload = new TypeError('Failed to fetch dynamically imported module: /assets/Part.js');
  window.dispatchEvent(Object.assign(new Event('vite:preloadError'), { payload }));
  throw payload;
}

/** A page with a text box and a part that is loaded on demand, and another page. */
async function draw(load: () => Promise<Record<'Part', ComponentType>>) {
  const { NewVersion } = await import('./NewVersion.tsx');
  const { PageFailure } = await import('./PageFailure.tsx');
  const { lazyPart, pageLoader } = await import('../ui/withLibrary.tsx');
  const Part = lazyPart(load, 'Part');
  function Form() {
    const [isOpen, setOpen] = useState(false);
    return (
      <>
        <input aria-label="Note" />
        <button type="button" onClick={() => setOpen(true)}>
          Open
        </button>
        <Suspense fallback={<p>On its way</p>}>{isOpen && <Part />}</Suspense>
      </>
    );
  }
  const root = createRootRoute({ component: Outlet });
  const router = createRouter({
    routeTree: root.addChildren([
      createRoute({ getParentRoute: () => root, path: '/', component: Form }),
      createRoute({
        getParentRoute: () => root,
        path: '/other',
        component: lazyRouteComponent(pageLoader(load, 'Part')),
      }),
    ]),
    history: createMemoryHistory(),
    defaultErrorComponent: PageFailure,
  });
  render(
    <>
      <NewVersion />
      <RouterProvider router={router} />
    </>,
  );
  await screen.findByLabelText('Note');
  return router;
}

it('leaves out a part that is gone, keeps what was typed and offers to reload', async () => {
  serve(NEW);
  await draw(gone);
  fireEvent.change(screen.getByLabelText('Note'), { target: { value: 'half a thought' } });
  fireEvent.click(screen.getByText('Open'));
  expect((await screen.findByRole('alert')).textContent).toContain('A new version is here');
  await waitFor(() => expect(screen.queryByText('On its way')).toBeNull());
  expect(screen.getByLabelText<HTMLInputElement>('Note').value).toBe('half a thought');
  expect(reloadPage).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Reload' }));
  expect(reloadPage).toHaveBeenCalledOnce();
});

it.each([
  ['does not answer', new Error('cut')],
  ['has the same page', OLD],
])('speaks of no new version when the server %s', async (_, page) => {
  serve(page);
  await draw(gone);
  fireEvent.click(screen.getByText('Open'));
  expect(await screen.findByText(/A part of the page could not be loaded/)).toBeTruthy();
});

it('says it in the place of a page that is gone, and waits to be told', async () => {
  serve(NEW);
  const router = await draw(gone);
  act(() => router.history.push('/other'));
  expect(await screen.findByRole('heading', { name: 'A new version is here' })).toBeTruthy();
  expect(reloadPage).not.toHaveBeenCalled();
});

it('shows any other failure as what it is', async () => {
  const router = await draw(() => Promise.reject(new Error('A mistake in the part.')));
  act(() => router.history.push('/other'));
  expect((await screen.findByTestId('page-error')).textContent).toContain('A mistake in the part.');
});
