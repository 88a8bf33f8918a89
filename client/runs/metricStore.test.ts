import { describe, expect, it } from 'vitest';
import {
  alignSeries,
  byStep,
  byTime,
  countNotFinite,
  MetricStore,
  type Point,
  RunMetrics,
  stepsWithin,
} from './metricStore.ts';

const point = (step: number, value: number | null, attempt = 1): Point => ({
  step,
  value,
  attempt,
  kind: value === null ? 'NAN' : 'FINITE',
  // Ten seconds for a step.
  at: new Date(step * 10_000).toISOString(),
});

const origin = new Date(0).toISOString();

describe('MetricStore', () => {
  it('keeps one point per step, of the newest attempt, in order of steps', () => {
    const store = new MetricStore();
    store.merge([{ name: 'loss', points: [point(1, 3), point(3, 2)] }]);
    store.merge([{ name: 'loss', points: [point(2, 2.5, 2), point(3, 1.5, 2)] }]);
    store.merge([{ name: 'loss', points: [point(3, 9, 1)] }]);
    expect(store.points('loss').map((p) => [p.step, p.value])).toEqual([
      [1, 3],
      [2, 2.5],
      [3, 1.5],
    ]);
  });

  it('says nothing when a reconnect repeats what is known', () => {
    const store = new MetricStore();
    store.merge([{ name: 'loss', points: [point(1, 3)] }]);
    const before = store.snapshot();
    store.merge([{ name: 'loss', points: [point(1, 3)] }]);
    expect(store.snapshot()).toBe(before);
  });

  it('knows no points of a series that never came', () => {
    expect(new MetricStore().points('loss')).toEqual([]);
  });
});

describe('RunMetrics', () => {
  const values = (metrics: RunMetrics, attempt: number | undefined) =>
    metrics
      .of(attempt)
      .points('loss')
      .map(({ step, value }) => [step, value]);

  it('has live points in the curves of the whole and in those of their attempt', () => {
    const metrics = new RunMetrics();
    metrics.add([{ name: 'loss', points: [point(1, 3), point(2, 9)] }]);
    metrics.add([{ name: 'loss', points: [point(2, 2, 2), point(3, 1, 2)] }]);
    expect(values(metrics, undefined)).toEqual([
      [1, 3],
      [2, 2],
      [3, 1],
    ]);
    expect(values(metrics, 1)).toEqual([
      [1, 3],
      [2, 9],
    ]);
    expect(values(metrics, 2)).toEqual([
      [2, 2],
      [3, 1],
    ]);
  });

  it('fills no hole of the whole with what a later attempt replaced', () => {
    const metrics = new RunMetrics();
    // Thinned out: step 2 of the second attempt was not sent.
    metrics.of(undefined).merge([{ name: 'loss', points: [point(1, 2, 2), point(3, 1, 2)] }]);
    metrics.of(1).merge([{ name: 'loss', points: [point(1, 3), point(2, 9), point(3, 8)] }]);
    expect(values(metrics, undefined)).toEqual([
      [1, 2],
      [3, 1],
    ]);
  });

  it('names the series that an attempt has points of', () => {
    const metrics = new RunMetrics();
    metrics.add([
      { name: 'loss', points: [point(1, 3)] },
      { name: 'eval', points: [point(1, 3, 2)] },
    ]);
    expect([metrics.of(undefined).names(), metrics.of(2).names(), metrics.of(3).names()]).toEqual([
      ['eval', 'loss'],
      ['eval'],
      [],
    ]);
  });
});

describe('alignSeries', () => {
  it('shares one axis and leaves gaps where a series has no value', () => {
    expect(alignSeries([[point(1, 3), point(2, null), point(4, 1)], [point(3, 5)]])).toEqual([
      [1, 2, 3, 4],
      [3, null, null, 1],
      [null, null, 5, null],
    ]);
  });

  it('reaches from the first to the last step it is given', () => {
    expect(alignSeries([[point(100, 0.2)]], byStep, [0, 300])).toEqual([
      [0, 100, 300],
      [null, 0.2, null],
    ]);
  });
});

it('stands by seconds since the start when it is asked for by time', () => {
  expect(alignSeries([[point(1, 3), point(4, 1)]], byTime(origin))).toEqual([
    [10, 40],
    [3, 1],
  ]);
});

describe('stepsWithin', () => {
  const series = [[point(1, 3), point(5, 2), point(9, 1)], [point(6, 5)]];

  it.each([
    ['steps', byStep, 4, 6, { fromStep: 4, toStep: 7 }],
    ['seconds', byTime(origin), 45, 95, { fromStep: 4, toStep: 10 }],
    ['the start', byStep, 0, 1, { fromStep: 0, toStep: 2 }],
    ['nothing', byStep, 2, 4, undefined],
  ] as const)('knows which steps a stretch of %s shows', (_title, placeOf, from, to, steps) => {
    expect(stepsWithin(series, placeOf, from, to)).toEqual(steps);
  });
});

it('counts values that are no numbers by kind', () => {
  expect(countNotFinite([point(1, 1), point(2, null), point(3, null)])).toEqual({ NAN: 2 });
});
