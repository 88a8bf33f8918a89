// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Client, Provider } from 'urql';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { BulkDialog } from './BulkDialog.tsx';
import type { BulkAction } from './bulkActions.ts';
import type { RunRow } from './runRows.ts';

beforeAll(stubBrowser);
afterEach(cleanup);

const run = (number: number, change: Partial<RunRow> = {}) =>
  ({
    id: `run-${number}`,
    number,
    name: null,
    archivedAt: null,
    viewerCanCancel: true,
    viewerCanRetry: true,
    viewerCanArchive: true,
    ...change,
  }) as unknown as RunRow;

type Input = { runId: string; mode?: string };

/** Draws it with a client that answers each mutation by the run it is for. */
function draw(action: BulkAction, runs: RunRow[], answer: (input: Input) => object) {
  const asked: Input[] = [];
  const client = new Client({
    url: 'http://unused.invalid',
    preferGetMethod: false,
    exchanges: [],
  });
  vi.spyOn(client, 'mutation').mockImplementation(((_query: unknown, variables: unknown) => {
    const { input } = variables as { input: Input };
    asked.push(input);
    return Promise.resolve(answer(input));
  }) as never);
  const onDone = vi.fn<(ids: readonly string[]) => void>();
  const onClose = vi.fn<() => void>();
  render(
    <Provider value={client}>
      <MantineProvider>
        <BulkDialog action={action} runs={runs} onDone={onDone} onClose={onClose} />
      </MantineProvider>
    </Provider>,
  );
  return { asked, onDone, onClose };
}

const stopped = () => ({ data: { cancelRun: { __typename: 'CancelRunPayload' } } });

it('asks before it stops anything, and passes over what has ended', async () => {
  const runs = [run(1), run(2, { viewerCanCancel: false })];
  const { asked, onDone, onClose } = draw('cancel', runs, stopped);
  expect(screen.getByRole('dialog', { name: 'Stop 1 run' })).toBeTruthy();
  expect(screen.getByText('1 run already ended')).toBeTruthy();
  expect(asked).toEqual([]);
  fireEvent.click(screen.getByTestId('bulk-confirm'));
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(asked).toEqual([{ runId: 'run-1', mode: 'SAVE' }]);
  expect(onDone).toHaveBeenCalledWith(['run-1']);
});

it('names the runs it could not do, and stays until that was read', async () => {
  const message = 'Run 2 trains on a paused queue.';
  const { onDone, onClose } = draw('retry', [run(1), run(2), run(3)], ({ runId }) => {
    if (runId === 'run-3') return { error: new Error('The server does not answer.') };
    const made = { __typename: 'RetryRunPayload' };
    const refused = { __typename: 'InvalidStateError', code: 'INVALID_STATE', message };
    return { data: { retryRun: runId === 'run-1' ? made : refused } };
  });
  fireEvent.click(screen.getByTestId('bulk-confirm'));
  const faults = await screen.findByTestId('bulk-faults');
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(['run-1']));
  expect(faults.textContent).toContain('2 runs could not be queued again');
  expect(faults.textContent).toContain(`#2: ${message}`);
  expect(faults.textContent).toContain('#3: The server does not answer.');
  expect(onClose).not.toHaveBeenCalled();
});
