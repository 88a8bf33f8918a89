// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { cacheExchange } from '@urql/exchange-graphcache';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { cacheOptions } from '../lib/cache.ts';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { ResultsTab } from './ResultsTab.tsx';
import { useRunStream } from './useRunStream.ts';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeAll(stubBrowser);
afterEach(cleanup);

const evaluation = {
  __typename: 'Evaluation',
  id: 'evaluation-1',
  status: 'COMPLETED',
  score: 75,
  split: 'TEST',
  evaluationSet: null,
  itemCount: 4,
  correctCount: 3,
  createdAt: '2027-01-01T00:00:00.000Z',
  error: null,
  accuracyInterval: null,
  judge: { __typename: 'Judge', ref: 'answer_correctness@1' },
};

const prediction = (text: string) => ({
  __typename: 'Prediction',
  ...{ id: text, split: 'TEST', expected: '4', text, tokens: 1, error: null, trace: null },
  setItem: { __typename: 'EvaluationItem', id: `of ${text}`, prompt: 'What is 2 + 2?' },
});

/** What is stored of the run; `stored` changes as it goes on. */
const first = { predictions: ['one'], hasMore: false, evaluations: [] as object[] };
let stored: typeof first | Error;

const answer = ({ after }: Record<string, unknown>) => {
  if (stored instanceof Error) return stored;
  const texts = after === null ? stored.predictions : ['of the next page'];
  return {
    run: {
      ...{ __typename: 'Run', id: 'run-1', evaluationSet: null, checkpointEvaluations: [] },
      evaluations: stored.evaluations,
      predictions: {
        __typename: 'RunPredictionsConnection',
        totalCount: texts.length,
        pageInfo: {
          __typename: 'PageInfo',
          hasNextPage: after === null && stored.hasMore,
          endCursor: texts.at(-1) ?? null,
        },
        edges: texts.map((text) => ({
          __typename: 'RunPredictionsConnectionEdge',
          node: prediction(text),
        })),
      },
    },
  };
};

function Tab() {
  const stream = useRunStream({ id: 'run-1', lastMetricSeq: '0' }, false);
  return <ResultsTab number={1} stream={stream} />;
}

async function open() {
  // Without a schema the cache warns of each member of a union that a message is not.
  const cache = cacheExchange({ ...cacheOptions, logger: () => undefined });
  const { client, send } = stubApi({ ResultsTab_Query: answer }, [cache]);
  await drawAt('/', { client }, <Tab />);
  return (message: object) => act(async () => send('RunStream_Events', { runEvents: message }));
}

const event = (seq: string, kind: string) => ({
  __typename: 'RunEventNotice',
  event: { __typename: 'RunEvent', seq, attempt: 1, kind, data: {}, at: evaluation.createdAt },
  run: null,
});

const live = { __typename: 'StreamPhase', phase: 'LIVE', behindBy: '0' };

it('shows predictions and evaluations of a run as they come', async () => {
  stored = first;
  const tell = await open();
  expect(await screen.findByText('one')).toBeTruthy();
  expect(screen.getByText('Not evaluated yet.')).toBeTruthy();
  await tell(live);

  stored = { ...first, predictions: ['one', 'two'] };
  await tell(event('1', 'PREDICTIONS'));
  expect(await screen.findByText('two')).toBeTruthy();

  stored = { ...stored, evaluations: [{ ...evaluation, status: 'PENDING', score: null }] };
  await tell(event('2', 'COMPLETED'));
  expect(await screen.findByText('Waiting')).toBeTruthy();

  stored = { ...stored, evaluations: [evaluation] };
  await tell(event('3', 'EVALUATED'));
  expect(await screen.findByText(/^Score 75/)).toBeTruthy();
});

it('shows that an evaluation failed when the stream of the run ends', async () => {
  stored = { ...first, evaluations: [{ ...evaluation, status: 'RUNNING', score: null }] };
  const tell = await open();
  expect(await screen.findByText('Scoring')).toBeTruthy();
  await tell(live);
  stored = { ...first, evaluations: [{ ...evaluation, status: 'FAILED', score: null }] };
  await tell({ __typename: 'StreamCompleted', lastSeq: '3', status: 'COMPLETED' });
  expect(await screen.findByText('Failed')).toBeTruthy();
});

it('keeps the rows that are there when more of them cannot be read', async () => {
  stored = { ...first, hasMore: true };
  await open();
  fireEvent.click(await screen.findByTestId('load-more'));
  expect(await screen.findByText('of the next page')).toBeTruthy();
  cleanup();

  await open();
  await screen.findByTestId('load-more');
  stored = new Error('cut');
  fireEvent.click(screen.getByTestId('load-more'));
  expect(await screen.findByTestId('error-notice')).toBeTruthy();
  expect(screen.getByText('one')).toBeTruthy();
});

it('says in its place that it could not be read, and tries again', async () => {
  stored = new Error('cut');
  await open();
  await screen.findByTestId('error-notice');
  stored = first;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('one')).toBeTruthy();
});
