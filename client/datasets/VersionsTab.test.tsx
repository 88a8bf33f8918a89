// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { VersionsTab } from './VersionsTab.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const version = {
  id: 'd2',
  key: 'math-v2',
  version: 'v2',
  itemCount: 3,
  trainCount: 3,
  evalCount: 0,
  testCount: 0,
  createdAt: '2026-03-01T10:00:00.000Z',
  latestCheck: null,
};

it('shows the versions when one of them cannot be compared, and compares it again', async () => {
  let isDown = true;
  const diff = { addedCount: 2, removedCount: 0, changedCount: 0, movedCount: 0 };
  const api = stubApi({
    VersionsTab_Query: () => ({ dataset: { id: 'd2', versions: [version] } }),
    VersionDelta_Query: () =>
      isDown
        ? new Error('cut')
        : { dataset: { id: 'd2', parent: { id: 'd1', key: 'math-v1' }, diffFromParent: diff } },
  });
  await drawAt('/datasets/math-v2', api, <VersionsTab datasetKey="math-v2" />);
  expect(await screen.findByText('not compared')).toBeTruthy();
  expect(screen.getByTestId('version').textContent).toContain('3 items');
  isDown = false;
  fireEvent.click(screen.getByText('Try again'));
  expect((await screen.findByTestId('version-delta')).textContent).toContain('against math-v1');
});
