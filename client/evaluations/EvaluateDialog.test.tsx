// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { EvaluateDialog } from './EvaluateDialog.tsx';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const run = {
  id: 'r',
  number: 7,
  dataset: { id: 'd', key: 'math-v1' },
  evaluationSet: null,
} as unknown as Parameters<typeof EvaluateDialog>[0]['run'];

it('stays open when the judges cannot be read, and asks for them again', async () => {
  let isDown = true;
  const judge = { ref: 'exact@1', description: 'equal', cost: 'FREE', isMock: false };
  const api = stubApi({
    EvaluateDialog_Query: () =>
      isDown
        ? new Error('cut')
        : { judges: [{ ...judge, needsEndpoint: false }], judgeEndpoints: [] },
  });
  await drawAt(
    '/leaderboard',
    api,
    <>
      <p>the board</p>
      <EvaluateDialog run={run} onClose={() => undefined} />
    </>,
  );
  expect((await screen.findByTestId('error-notice')).textContent).toContain('does not answer');
  expect(screen.getByText('the board')).toBeTruthy();
  const start = screen.getByTestId<HTMLButtonElement>('evaluate-start');
  expect(start.disabled).toBe(true);
  isDown = false;
  fireEvent.click(screen.getByText('Try again'));
  await vi.waitFor(() => expect(start.disabled).toBe(false));
  expect(screen.queryByTestId('error-notice')).toBeNull();
});
