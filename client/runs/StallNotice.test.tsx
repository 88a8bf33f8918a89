// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { StallNotice } from './StallNotice.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const NOTICE = {
  __typename: 'RunNotice',
  message: 'No step for 7 min: it compiles, or is stalled.',
  remedy: 'Look at the log.',
};

async function draw(status: string) {
  const asked = vi.fn(() => ({ run: { __typename: 'Run', id: 'run-1', notice: NOTICE } }));
  const { client } = stubApi({ StallNotice_Query: asked });
  const run = { id: 'run-1', status } as unknown as Parameters<typeof StallNotice>[0]['run'];
  await drawAt('/', { client }, <StallNotice run={run} />);
  return asked;
}

it('says of a run at work that it makes no step, and what to do', async () => {
  await draw('RUNNING');
  expect(await screen.findByText(NOTICE.message)).toBeTruthy();
  expect(screen.getByText(NOTICE.remedy)).toBeTruthy();
});

it('asks nothing of a run that has ended', async () => {
  const asked = await draw('COMPLETED');
  expect(asked).not.toHaveBeenCalled();
  expect(screen.queryByTestId('stalled')).toBeNull();
});
