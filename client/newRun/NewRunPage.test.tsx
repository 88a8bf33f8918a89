// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { NewRunPage } from './NewRunPage.tsx';

const reconnect = vi.hoisted(() => new Set<() => void>());
vi.mock('../lib/socket.ts', () => ({
  onReconnect: (listener: () => void) => {
    reconnect.add(listener);
    return () => reconnect.delete(listener);
  },
}));
// What the run would become is not what this is about.
vi.mock('./RunPreviewPanel.tsx', () => ({ RunPreviewPanel: () => null }));
beforeAll(stubBrowser);
afterEach(cleanup);

const page = {
  run: null,
  datasets: { edges: [{ node: { id: 'd', key: 'math-v1', itemCount: 3 } }] },
  evaluationSets: { edges: [] },
  runners: [],
  models: [{ id: 'qwen3-tiny', family: 'qwen3', description: 'small', builtIn: true }],
};

const preview = {
  validateRun: {
    __typename: 'RunPreview',
    config: {},
    timeoutSeconds: 60,
    priority: 0,
    maxAttempts: 1,
    warnings: [],
  },
};

/** A server that cannot be asked to validate, until it is said to be up. */
function flaky() {
  const server = { isDown: true };
  const api = stubApi({
    NewRunPage_Query: () => page,
    NewRunForm_Validate: () => (server.isDown ? new Error('cut') : preview),
  });
  return { api, server };
}

const start = () => screen.getByTestId<HTMLButtonElement>('submit');

it.each([
  ['when asked to', () => fireEvent.click(screen.getByRole('button', { name: 'Try again' }))],
  [
    'after a reconnect',
    () => {
      for (const listener of reconnect) listener();
    },
  ],
])('validates again %s, so that a run can start', async (_when, again) => {
  const { api, server } = flaky();
  await drawAt('/runs/new', api, <NewRunPage />);
  expect((await screen.findByTestId('unanswered')).textContent).toContain('does not answer');
  expect(start().disabled).toBe(true);
  server.isDown = false;
  again();
  await vi.waitFor(() => expect(start().disabled).toBe(false));
  expect(screen.queryByTestId('unanswered')).toBeNull();
});

it.each(['99', 'mine'])('says that there is no run %s to start from', async (from) => {
  await drawAt(`/runs/new?from=${from}`, flaky().api, <NewRunPage />);
  expect(await screen.findByText('There is no such run')).toBeTruthy();
  expect(screen.queryByTestId('new-run-form')).toBeNull();
});

it('takes the request as YAML, starts nothing that cannot be read, and shows it in the form', async () => {
  const asked: unknown[] = [];
  const api = stubApi({
    NewRunPage_Query: () => page,
    NewRunForm_Validate: ({ input }) => {
      asked.push(input);
      return preview;
    },
  });
  await drawAt('/runs/new?view=yaml', api, <NewRunPage />);
  const text = await screen.findByTestId<HTMLTextAreaElement>('run-yaml');
  expect(text.value).toContain('datasetKey: math-v1\n');
  await vi.waitFor(() => expect(start().disabled).toBe(false));

  const write = (value: string) => fireEvent.change(text, { target: { value } });
  write('datasetKey: math-v1\nmodelId: qwen3-tiny\nbatchsize: 4\n');
  expect(screen.getByTestId('yaml-fault').textContent).toContain('Line 3, batchsize: There is no');
  expect(start().disabled).toBe(true);
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Form' }).disabled).toBe(true);

  write('datasetKey: math-v1\nmodelId: qwen3-tiny\nhyperparameters:\n  batchSize: 4\n');
  expect(screen.queryByTestId('yaml-fault')).toBeNull();
  await vi.waitFor(() => expect(start().disabled).toBe(false));
  expect(asked.at(-1)).toMatchObject({ hyperparameters: { batchSize: 4 } });

  fireEvent.click(screen.getByRole('radio', { name: 'Form' }));
  const field = await screen.findByLabelText<HTMLInputElement>('Batch size');
  expect(field.value).toBe('4');
});

it('shows what the server says of a field at its place in the YAML', async () => {
  const api = stubApi({
    NewRunPage_Query: () => page,
    NewRunForm_Validate: () => ({
      validateRun: {
        __typename: 'ValidationError',
        message: 'hyperparameters.batchSize: 0 is not 1 to 4096.',
        issues: [
          {
            ...{ path: ['hyperparameters', 'batchSize'], code: 'RANGE' },
            message: 'hyperparameters.batchSize: 0 is not 1 to 4096.',
          },
        ],
      },
    }),
  });
  await drawAt('/runs/new?view=yaml', api, <NewRunPage />);
  fireEvent.change(await screen.findByTestId('run-yaml'), {
    target: { value: 'datasetKey: math-v1\nhyperparameters:\n  batchSize: 0\nmodelId: tiny\n' },
  });
  await vi.waitFor(() =>
    expect(screen.getByTestId('yaml-fault').textContent).toBe(
      'Line 3, hyperparameters.batchSize: 0 is not 1 to 4096.',
    ),
  );
});
