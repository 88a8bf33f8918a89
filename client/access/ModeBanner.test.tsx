// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import type { Viewer } from '../lib/viewer.ts';
import { ModeBanner, ModeTag } from './ModeBanner.tsx';

beforeAll(stubBrowser);
afterEach(() => {
  cleanup();
  localStorage.clear();
});

const LOCAL: Viewer = {
  kind: 'LOCAL',
  name: 'local',
  role: 'ADMIN',
  scopes: new Set(['READ', 'ADMIN']),
  authRequired: false,
  user: null,
};

async function draw(viewer: Viewer) {
  await drawAt(
    '/',
    { ...stubApi({}), viewer },
    <>
      <ModeTag />
      <ModeBanner />
      <p>the page</p>
    </>,
  );
  await screen.findByText('the page');
}

it('says that nobody has to sign in, and stays findable when it is folded', async () => {
  await draw(LOCAL);
  const banner = screen.getByTestId('mode-banner');
  expect(banner.textContent).toContain('whoever reaches this port may do everything');
  expect(screen.getByText('How').getAttribute('href')).toBe('/settings/members');
  fireEvent.click(screen.getByLabelText(/^Fold/));
  expect(screen.queryByTestId('mode-banner')).toBeNull();
  fireEvent.click(screen.getByTestId('mode-tag'));
  expect(screen.getByTestId('mode-banner')).toBeTruthy();
});

it('stays folded on the next page', async () => {
  await draw(LOCAL);
  fireEvent.click(screen.getByLabelText(/^Fold/));
  cleanup();
  await draw(LOCAL);
  expect(screen.queryByTestId('mode-banner')).toBeNull();
  expect(screen.getByTestId('mode-tag')).toBeTruthy();
});

it('is not there where people sign in', async () => {
  await draw({ ...LOCAL, authRequired: true });
  expect(screen.queryByTestId('mode-banner')).toBeNull();
  expect(screen.queryByTestId('mode-tag')).toBeNull();
});
