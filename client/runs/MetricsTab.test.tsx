// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { drawAt } from '../lib/drawAt.tsx';
import { stubApi } from '../lib/stubApi.ts';
import { stubBrowser } from '../lib/stubBrowser.ts';
import { MetricsTab } from './MetricsTab.tsx';
import { type PlaceOf, type Point, RunMetrics } from './metricStore.ts';

vi.mock('../lib/socket.ts', () => ({ onReconnect: () => () => undefined }));
// A canvas cannot be read: the points stand there as text.
vi.mock('./MetricChart.tsx', () => ({
  MetricChart: (props: {
    series: readonly { points: readonly Point[] }[];
    placeOf: PlaceOf;
    smoothing: number;
  }) => (
    <p
      data-testid="points"
      data-smoothing={props.smoothing}
      data-places={props.series[0]?.points.map(props.placeOf).join(' ')}
    >
      {props.series[0]?.points.map(({ step, value }) => `${step}:${value}`).join(' ')}
    </p>
  ),
}));
beforeAll(stubBrowser);
afterEach(cleanup);

const point = (step: number, value: number, attempt: number): Point => ({
  ...{ step, value, attempt, kind: 'FINITE' },
  at: new Date(Date.UTC(2027, 0, 1, 0, 0, step)).toISOString(),
});

const run = {
  ...{ id: 'run-1', number: 1, markers: [] },
  startedAt: new Date(Date.UTC(2027, 0, 1)).toISOString(),
} as unknown as Parameters<typeof MetricsTab>[0]['run'];

/** The second attempt went on from step 1 and took the place of the diverged first. */
const WHOLE = [point(1, 5, 1), point(2, 4, 2), point(3, 3, 2)];
const FIRST = [point(1, 5, 1), point(2, 50, 1), point(3, 500, 1)];

async function open(
  url: string,
  answer: (asked: Record<string, unknown>) => Point[] | Error,
  tokens: Point[] = [],
) {
  const asked: Record<string, unknown>[] = [];
  const { client } = stubApi({
    MetricsTab_Query: (variables) => {
      asked.push(variables);
      const points = answer(variables);
      if (points instanceof Error) return points;
      const counted = tokens.length > 0 ? [{ name: 'train/tokens', points: tokens }] : [];
      return { run: { id: 'run-1', metrics: [{ name: 'train/loss', points }, ...counted] } };
    },
  });
  const metrics = new RunMetrics();
  const stream = { metrics } as Parameters<typeof MetricsTab>[0]['stream'];
  function Tab() {
    const [attempt, setAttempt] = useState<number>();
    return (
      <>
        {[1, 2, undefined].map((next) => (
          <button key={next ?? 0} type="button" onClick={() => setAttempt(next)}>
            {next ? `Attempt ${next}` : 'All'}
          </button>
        ))}
        <MetricsTab run={run} stream={stream} attempt={attempt} />
      </>
    );
  }
  const router = await drawAt(url, { client }, <Tab />);
  return { asked, metrics, router };
}

const drawn = (text: string) => screen.findByText(text);
const pick = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

it('shows the curve of an attempt that a later one replaced, and its points as they come', async () => {
  const { asked, metrics } = await open('/', ({ attempt }) => (attempt === 1 ? FIRST : WHOLE));
  expect(await drawn('1:5 2:4 3:3')).toBeTruthy();
  pick('Attempt 1');
  expect(await drawn('1:5 2:50 3:500')).toBeTruthy();
  act(() => metrics.add([{ name: 'train/loss', points: [point(4, 600, 1), point(4, 2, 2)] }]));
  expect(await drawn('1:5 2:50 3:500 4:600')).toBeTruthy();
  pick('All');
  expect(await drawn('1:5 2:4 3:3 4:2')).toBeTruthy();
  expect(asked.map(({ attempt }) => attempt)).toEqual([undefined, 1, undefined]);
});

it('takes no answer of other curves for those of the attempt that was picked', async () => {
  await open('/', ({ attempt }) => (attempt === 1 ? new Error('cut') : WHOLE));
  expect(await drawn('1:5 2:4 3:3')).toBeTruthy();
  pick('Attempt 1');
  expect(await screen.findByTestId('error-notice')).toBeTruthy();
  expect(screen.queryByTestId('points')).toBeNull();
});

it('keeps its charts when a part that is zoomed into cannot be read, and tries again', async () => {
  let isDown = true;
  await open('/?zoom=2..3', ({ fromStep }) => {
    if (fromStep === undefined) return WHOLE;
    return isDown ? new Error('cut') : [...WHOLE, point(4, 1, 2)];
  });
  expect(await screen.findByTestId('error-notice')).toBeTruthy();
  expect(screen.getByText('1:5 2:4 3:3')).toBeTruthy();
  isDown = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await drawn('1:5 2:4 3:3 4:1')).toBeTruthy();
  expect(screen.queryByTestId('error-notice')).toBeNull();
});

it('smooths while the slider is dragged, and keeps it in the URL a moment later', async () => {
  const { router } = await open('/?smooth=0.5&zoom=2..3', () => WHOLE);
  const chart = await screen.findByTestId('points');
  expect(chart.dataset.smoothing).toBe('0.5');
  const slider = screen.getByRole('slider', { name: /Smoothing/ });
  fireEvent.change(slider, { target: { value: '0.9' } });
  expect(chart.dataset.smoothing).toBe('0.9');
  expect(router.state.location.search).toMatchObject({ smooth: '0.5' });
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ smooth: '0.9', zoom: '2..3' }),
  );
  fireEvent.change(slider, { target: { value: '0' } });
  await waitFor(() => expect(router.state.location.search).toEqual({ zoom: '2..3' }));
  expect(chart.dataset.smoothing).toBe('0');
});

it('draws by the tokens trained on, which are an axis and no chart', async () => {
  const tokens = [point(1, 70, 1), point(2, 130, 2), point(3, 200, 2)];
  const { router } = await open('/', () => WHOLE, tokens);
  const chart = await drawn('1:5 2:4 3:3');
  fireEvent.click(screen.getByRole('radio', { name: 'By tokens' }));
  await waitFor(() => expect(chart.dataset.places).toBe('70 130 200'));
  expect(router.state.location.search).toEqual({ axis: 'tokens' });
  expect(screen.getAllByTestId('points')).toHaveLength(1);
});

it('draws by step what did not count its tokens', async () => {
  await open('/?axis=tokens&zoom=100..200', () => WHOLE);
  const chart = await drawn('1:5 2:4 3:3');
  expect(chart.dataset.places).toBe('1 2 3');
  expect(screen.queryByRole('radio', { name: 'By tokens' })).toBeNull();
  expect(screen.queryByTestId('zoom-out')).toBeNull();
});
