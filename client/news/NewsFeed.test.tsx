// @vitest-environment jsdom
import { act, cleanup, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { connection } from '../lib/stubSocket.ts';
import type { Viewer } from '../lib/viewer.ts';
import { NewsFeed } from './NewsFeed.tsx';
import { newsStore } from './newsStore.ts';

vi.mock('../lib/socket.ts', () => import('../lib/stubSocket.ts'));
beforeAll(stubBrowser);
afterEach(() => {
  cleanup();
  newsStore.clear();
});

const ME = { name: 'local', scopes: new Set(), authRequired: false } as unknown as Viewer;

const run = (number: number, status: string) => ({
  ...{ __typename: 'Run', id: `run-${number}`, number, name: null, status, error: null },
  ...{ attempt: 1, createdBy: 'local' },
});
const runner = (online: boolean) => ({ id: 'a', name: 'h200-1', online, stoppedAt: null });

async function draw(answers: Parameters<typeof stubApi>[0]) {
  const { client, send } = stubApi(answers);
  await drawAt('/', { client, viewer: ME }, <NewsFeed />);
  return {
    hearRun: (...of: Parameters<typeof run>) =>
      act(() => send('News_Runs', { runsChanged: { run: run(...of) } })),
    hearRunner: (online: boolean) =>
      act(() => send('News_Runners', { runnersChanged: { runner: runner(online) } })),
  };
}

const titles = () => newsStore.get().items.map(({ title }) => title);

it('tells after a reconnect what ended while the connection was lost, once', async () => {
  const asked: unknown[] = [];
  const { hearRun, hearRunner } = await draw({
    News_MissedRuns: ({ ids }) => {
      asked.push(ids);
      return { nodes: [run(7, 'COMPLETED'), run(8, 'RUNNING'), null] };
    },
    News_MissedRunners: () => ({ runners: [runner(false)] }),
  });
  for (const number of [7, 8, 9]) hearRun(number, 'RUNNING');
  hearRunner(true);
  act(connection.lose);
  act(connection.comeBack);
  await waitFor(() => expect(titles()).toEqual(['Runner h200-1 is gone', 'Run 7 is completed']));
  expect(asked).toEqual([['run-7', 'run-8', 'run-9']]);
  hearRun(7, 'COMPLETED');
  expect(titles()).toHaveLength(2);
});

it('asks for many runs in groups that the server takes', async () => {
  const asked: number[] = [];
  const { hearRun } = await draw({
    News_MissedRuns: ({ ids }) => {
      asked.push((ids as string[]).length);
      return { nodes: [] };
    },
    News_MissedRunners: () => ({ runners: [] }),
  });
  for (let number = 1; number <= 130; number++) hearRun(number, 'PENDING');
  act(connection.comeBack);
  await waitFor(() => expect(asked).toEqual([100, 30]));
});
