// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { AuditPage } from './AuditPage.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const entry = (id: string, action: string) => ({
  __typename: 'AuditEntry',
  id,
  at: '2026-03-01T10:00:00.000Z',
  actorKind: 'USER',
  actorName: 'ada@example.org',
  action,
  target: null,
  outcome: 'OK',
  detail: {},
  requestId: null,
  address: null,
  client: null,
});

const api = (old: object | null) =>
  stubApi({
    AuditPage_Query: () => ({
      auditLog: {
        pageInfo: { hasNextPage: true, endCursor: 'c' },
        edges: [{ node: entry('new', 'createRun') }],
      },
    }),
    LinkedEntry_Query: () => ({ node: old }),
  });

it('shows the entry a link leads to, however far down the log it stands', async () => {
  const router = await drawAt('/audit?open=old', api(entry('old', 'deleteTrace')), <AuditPage />);
  const linked = within(await screen.findByTestId('linked-entry'));
  expect(await linked.findByText('deleteTrace')).toBeTruthy();
  expect(linked.getByTestId('audit-detail')).toBeTruthy();
  fireEvent.click(linked.getByTestId('toggle-detail'));
  await vi.waitFor(() => expect(screen.queryByTestId('linked-entry')).toBeNull());
  expect(router.state.location.search).toEqual({});
});

it('says when a link leads to no entry', async () => {
  await drawAt('/audit?open=gone', api(null), <AuditPage />);
  expect(await screen.findByText('There is no such entry')).toBeTruthy();
});

it('opens an entry of the list in its row', async () => {
  await drawAt('/audit', api(null), <AuditPage />);
  fireEvent.click(await screen.findByTestId('toggle-detail'));
  expect(await screen.findByTestId('audit-detail')).toBeTruthy();
  expect(screen.queryByTestId('linked-entry')).toBeNull();
});
