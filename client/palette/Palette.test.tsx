// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { useKeys } from '../lib/useKeys.ts';
import { Palette } from './Palette.tsx';

vi.mock('../lib/socket.ts', () => import('../lib/stubSocket.ts'));
beforeAll(() => {
  stubBrowser();
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(cleanup);

it('shows the keys of the page as its own key does, once it has closed', async () => {
  const opened: string[] = [];
  function Page() {
    useKeys({ '?': () => void opened.push('those of all pages') }, true);
    useKeys({ '?': () => void opened.push('those of this page') });
    return <Palette opening={1} />;
  }
  await drawAt('/', stubApi({}), <Page />);
  fireEvent.click(await screen.findByText('Show the keys of this page'));
  expect(opened).toEqual([]);
  await waitFor(() => expect(opened).toEqual(['those of this page']));
});
