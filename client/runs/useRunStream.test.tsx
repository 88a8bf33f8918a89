// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Provider } from 'urql';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stubApi } from '../lib/stubApi.ts';
import { useOnRunChange, useRunStream } from './useRunStream.ts';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A subscription is sent a moment after it is asked for. */
const sent = () => act(async () => {});

async function open() {
  const { client, send } = stubApi({});
  const subscription = vi.spyOn(client, 'subscription');
  let reads = 0;
  const wrapper = (props: { children: ReactNode }) => (
    <Provider value={client}>{props.children}</Provider>
  );
  const run = { id: 'run-1', lastMetricSeq: '7' };
  const { result, rerender } = renderHook(
    (isJudged: boolean) => {
      const stream = useRunStream(run, isJudged);
      useOnRunChange(stream, () => {
        reads += 1;
      });
      return stream;
    },
    { wrapper, initialProps: false },
  );
  await sent();
  return {
    stream: () => result.current,
    judge: async (isJudged: boolean) => {
      rerender(isJudged);
      await sent();
    },
    asked: () => subscription.mock.calls.map(([, variables]) => variables),
    tell: (message: object) => act(() => send('RunStream_Events', { runEvents: message })),
    /** How often the page was told to read again. */
    reads: () => {
      act(() => void vi.advanceTimersByTime(1_000));
      return reads;
    },
  };
}

const event = (seq: number, kind: string) => ({
  __typename: 'RunEventNotice',
  event: { seq: String(seq), attempt: 1, kind, data: {}, at: '2027-01-01T00:00:00.000Z' },
});
const points = (lastSeq: string, attempt: number, value: number) => {
  const point = { step: 1, value, kind: 'FINITE', attempt, at: '2027-01-01T00:00:00.000Z' };
  return { __typename: 'MetricUpdate', lastSeq, series: [{ name: 'loss', points: [point] }] };
};
const phase = (word: string) => ({ __typename: 'StreamPhase', phase: word, behindBy: '0' });
const completed = { __typename: 'StreamCompleted', lastSeq: '2', status: 'COMPLETED' };

it.each([
  'ATTEMPT_FAILED',
  'CHECKPOINT',
  'COMPLETED',
  'EVALUATED',
  'PREDICTIONS',
  'RESTORED',
  'STARTED',
])('has the run read again after %s', async (kind) => {
  const { tell, reads } = await open();
  tell(phase('LIVE'));
  tell(event(1, kind));
  expect(reads()).toBe(1);
});

it('has it read once for many events, and not for history or for what was heard before', async () => {
  const { tell, reads } = await open();
  tell(phase('BACKFILL'));
  tell(event(1, 'CLAIMED'));
  expect(reads()).toBe(0);
  tell(phase('LIVE'));
  tell(event(2, 'CHECKPOINT'));
  tell(event(3, 'CHECKPOINT'));
  expect(reads()).toBe(1);
  tell(event(3, 'CHECKPOINT'));
  tell(event(4, 'QUEUED'));
  expect(reads()).toBe(1);
});

it('knows what came while the connection was lost as news', async () => {
  const { tell, reads } = await open();
  tell(phase('LIVE'));
  tell(phase('BACKFILL'));
  tell(event(1, 'EVALUATED'));
  expect(reads()).toBe(1);
});

it('has live points of an attempt that a later one replaced', async () => {
  const { tell, stream } = await open();
  tell(points('8', 1, 3));
  tell(points('9', 2, 2));
  const values = (attempt?: number) =>
    stream()
      .metrics.of(attempt)
      .points('loss')
      .map(({ value }) => value);
  expect([values(), values(1), values(2)]).toEqual([[2], [3], [2]]);
});

it('is opened again where it ended when another evaluation begins', async () => {
  const { tell, judge, asked, reads } = await open();
  tell(event(1, 'COMPLETED'));
  tell(points('8', 1, 3));
  tell(event(2, 'EVALUATED'));
  tell(completed);
  expect(reads()).toBe(0);

  await judge(true);
  expect(asked()).toEqual([
    { runId: 'run-1', after: '0', metricsAfter: '7' },
    { runId: 'run-1', after: '2', metricsAfter: '8' },
  ]);
  // It may have ended before it was asked for.
  tell(phase('BACKFILL'));
  tell(event(3, 'EVALUATED'));
  tell(completed);
  expect(reads()).toBe(1);
  await judge(false);
  expect(asked()).toHaveLength(2);
});

it('stays open when an evaluation begins before the run is done', async () => {
  const { tell, judge, asked } = await open();
  tell(phase('LIVE'));
  await judge(true);
  expect(asked()).toHaveLength(1);
});
