// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { connection } from '../lib/stubSocket.ts';
import { LogTab } from './LogTab.tsx';

const stream = vi.hoisted(() => ({ next: (_data: object) => {} }));
vi.mock('../lib/socket.ts', () => import('../lib/stubSocket.ts'));
vi.mock('../lib/follow.ts', () => ({
  follow: (_document: unknown, _variables: unknown, sink: typeof stream) => {
    stream.next = sink.next;
    return () => undefined;
  },
}));
vi.mock('../lib/ask.ts', () => ({
  ask: async (_document: unknown, asked: { after: string; maxLines: number }) => {
    const after = Number(asked.after);
    return { runLogs: { batches: [batch(after + 1, after + asked.maxLines)], gaps: [] } };
  },
}));
beforeAll(stubBrowser);
afterEach(cleanup);

const batch = (first: number, last: number, attempt = 1) => ({
  __typename: 'LogBatch',
  ...{ firstSeq: String(first), lastSeq: String(last), attempt, stream: 'STDOUT' },
  text: 'a line\n'.repeat(last - first + 1),
  at: '2027-01-01T00:00:00.000Z',
});

/** What is stored of the log when it is asked for. */
const summary = (lines: number) => ({
  ...{ lines: String(lines), bytes: String(lines * 1_024), gaps: 0, deletedAt: null },
  ...{ stdoutLines: String(lines), stderrLines: '0', systemLines: '0' },
  attempts: [{ attempt: 1, firstSeq: '1', lastSeq: String(lines) }],
});
let stored: ReturnType<typeof summary> | Error = summary(1_000);
beforeEach(() => {
  stored = summary(1_000);
});

const tell = (event: object) => act(async () => stream.next({ runLogs: event }));

function Tab() {
  const [attempt, setAttempt] = useState<number>();
  return (
    <>
      <button type="button" onClick={() => setAttempt(2)}>
        Pick
      </button>
      <LogTab number={1} attempt={attempt} />
    </>
  );
}

async function draw() {
  const { client } = stubApi({
    LogViewer_Query: () =>
      stored instanceof Error ? stored : { run: { id: 'run-1', startedAt: null, log: stored } },
  });
  await drawAt('/?wrap=off', { client }, <Tab />);
}

async function open() {
  await draw();
  await screen.findByText('stdout 1,000');
}

it('counts no line twice when the log is read again after a reconnect', async () => {
  await open();
  await tell(batch(1_001, 1_200));
  expect(await screen.findByText('stdout 1,200')).toBeTruthy();
  stored = summary(1_200);
  await act(async () => connection.comeBack());
  expect(await screen.findByText(/1\.2 MiB when it was read/)).toBeTruthy();
  expect(screen.getByText('stdout 1,200')).toBeTruthy();
});

it('says how large the log is when all of it was written', async () => {
  await open();
  await tell(batch(1_001, 3_000));
  stored = summary(3_000);
  await tell({ __typename: 'StreamCompleted', lastSeq: '3000', status: 'COMPLETED' });
  expect(await screen.findByText(/^3,000 lines, 2\.9 MiB$/)).toBeTruthy();
});

it('goes to an attempt that began while somebody looked', async () => {
  await open();
  expect(screen.queryByTestId('log-attempts')).toBeNull();
  await tell(batch(1_001, 1_500, 2));
  expect((await screen.findByTestId('log-attempts')).textContent).toBe('2 attempts');
  expect(document.querySelector('[data-seq="1001"]')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Pick' }));
  await expect.poll(() => document.querySelector('[data-seq="1001"]')).toBeTruthy();
});

it('goes to an attempt that was picked before its first line, when that comes', async () => {
  await open();
  fireEvent.click(screen.getByRole('button', { name: 'Pick' }));
  await tell(batch(1_001, 1_500, 2));
  await expect.poll(() => document.querySelector('[data-seq="1001"]')).toBeTruthy();
});

it('offers every attempt as a file', async () => {
  await open();
  await tell(batch(1_001, 1_001, 2));
  fireEvent.click(screen.getByTestId('log-download'));
  const links = await screen.findAllByRole('menuitem');
  expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
    ['The whole log', '/export/runs/1/log.txt'],
    ['Attempt 1', '/export/runs/1/log.txt?attempt=1'],
    ['Attempt 2', '/export/runs/1/log.txt?attempt=2'],
    ['Only stdout', '/export/runs/1/log.txt?stream=stdout'],
    ['Only stderr', '/export/runs/1/log.txt?stream=stderr'],
    ['Only system', '/export/runs/1/log.txt?stream=system'],
  ]);
});

it('says in its place that it could not be read, and tries again', async () => {
  stored = new Error('cut');
  await draw();
  await screen.findByTestId('error-notice');
  stored = summary(1_000);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('stdout 1,000')).toBeTruthy();
  expect(screen.queryByTestId('error-notice')).toBeNull();
});
