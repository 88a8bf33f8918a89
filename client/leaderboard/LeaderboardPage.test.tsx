// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { LeaderboardPage } from './LeaderboardPage.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const board = (set: string, runs: number) => ({
  node: {
    id: set,
    runs,
    newestAt: '2026-03-01T10:00:00.000Z',
    split: null,
    dataset: null,
    evaluationSet: { id: set, key: set },
    judge: { ref: 'exact@1', ranks: true, isMock: false },
  },
});

const row = (set: string, number: number) => ({
  rank: 1,
  value: 90,
  tieGroup: 1,
  tiedFrom: 1,
  tiedTo: 1,
  interval: null,
  board: board(set, 1).node,
  run: { id: `r${number}`, number, name: null, modelId: 'm', mode: 'LOCAL' },
  evaluation: { id: `e${number}`, itemCount: 10, correctCount: 9, createdAt: '2026-03-01T10:00Z' },
});

/** A board of one row for each set; `boards` may grow. More rows cannot be read. */
function start(boards: object[], hasNextPage = false) {
  const rows = (filter: { evaluationSetKey?: string }) => {
    const set = filter.evaluationSetKey ?? '';
    return {
      totalCount: 1,
      pageInfo: { hasNextPage, endCursor: 'c' },
      incomparable: [],
      edges: [{ node: row(set, set === 'a-v1' ? 1 : 2) }],
    };
  };
  return stubApi({
    LeaderboardPage_Query: () => ({ boards: { edges: boards } }),
    LeaderboardRows_Query: ({ filter, after }) =>
      after ? new Error('cut') : { leaderboard: rows(filter as object) },
    UseModels_Query: () => ({ leaderboard: { edges: [] } }),
    BoardFilters_Query: () => ({ evaluationSet: null }),
  });
}

const news = { loopChanged: { lastRunAt: null } };
const boardBox = () => screen.getByTestId<HTMLInputElement>('board-select');

it('shows the first board as soon as something is ranked, and counts what comes', async () => {
  const boards: object[] = [];
  const api = start(boards);
  await drawAt('/leaderboard', api, <LeaderboardPage />);
  expect(await screen.findByText('Nothing is ranked here yet')).toBeTruthy();
  boards.push(board('a-v1', 1));
  act(() => api.send('UseLoopChanged_Changed', news));
  expect(await screen.findByText('#1')).toBeTruthy();
  expect(boardBox().value).toBe('a-v1 · exact@1 (1 run)');
  boards[0] = board('a-v1', 2);
  act(() => api.send('UseLoopChanged_Changed', news));
  await vi.waitFor(() => expect(boardBox().value).toBe('a-v1 · exact@1 (2 runs)'));
});

it('stays on the board it shows when another becomes the newest', async () => {
  const boards: object[] = [board('a-v1', 1)];
  const api = start(boards);
  await drawAt('/leaderboard', api, <LeaderboardPage />);
  await screen.findByText('#1');
  boards[0] = board('a-v1', 5);
  boards.unshift(board('b-v1', 1));
  act(() => api.send('UseLoopChanged_Changed', news));
  await vi.waitFor(() => expect(boardBox().value).toBe('a-v1 · exact@1 (5 runs)'));
});

it('forgets what is ticked when a link or Back leads to another board', async () => {
  const api = start([board('a-v1', 1), board('b-v1', 1)]);
  const router = await drawAt('/leaderboard?set=a-v1&judge=exact@1', api, <LeaderboardPage />);
  fireEvent.click(await screen.findByRole('checkbox', { name: 'Choose run 1' }));
  expect(screen.getByTestId('chosen-rows').textContent).toContain('#1');
  await act(() => router.navigate({ to: '.', search: { set: 'b-v1', judge: 'exact@1' } as never }));
  fireEvent.click(await screen.findByRole('checkbox', { name: 'Choose run 2' }));
  expect(screen.getByTestId('chosen-rows').textContent).toContain('#2: choose another');
  expect(screen.getByTestId('chosen-rows').textContent).not.toContain('#1');
  act(() => router.history.back());
  await screen.findByRole('checkbox', { name: 'Choose run 1' });
  expect(screen.queryByTestId('chosen-rows')).toBeNull();
});

it('keeps its rows and what is ticked when more cannot be read', async () => {
  await drawAt('/leaderboard', start([board('a-v1', 1)], true), <LeaderboardPage />);
  fireEvent.click(await screen.findByRole('checkbox', { name: 'Choose run 1' }));
  fireEvent.click(screen.getByTestId('load-more'));
  expect(await screen.findByTestId('error-notice')).toBeTruthy();
  expect(screen.getByTestId('chosen-rows').textContent).toContain('#1');
});
