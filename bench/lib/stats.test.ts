import { describe, expect, test } from 'vitest';
import { latencies, median, percentile, ratio, summarise } from './stats.ts';

describe('percentile', () => {
  test.each([
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.99, 4],
    [[1, 2, 3, 4], 1, 4],
    [[1, 2, 3, 4], 0, 1],
    [[7], 0.99, 7],
  ])('of %j at %d is %d, which was measured', (values, p, expected) => {
    expect(percentile(values, p)).toBe(expected);
  });

  test('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9], 9.5],
  [[5], 5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

describe('ratio', () => {
  test('compares round by round, so that a slow round of both changes nothing', () => {
    expect(ratio([20, 2, 20], [10, 1, 10], 'higher')).toEqual({ median: 2, min: 2, max: 2 });
  });

  test('is above 1 when ours is better, also where less is better', () => {
    expect(ratio([2, 4], [8, 8], 'lower')).toEqual({ median: 3, min: 2, max: 4 });
  });
});

test('a summary leaves a figure out of the rounds that lack it', () => {
  const found = summarise([{ seconds: 1, walMb: 5 }, { seconds: 3 }]);
  expect(found).toEqual({
    seconds: { median: 2, min: 1, max: 3 },
    walMb: { median: 5, min: 5, max: 5 },
  });
});

test('latencies come in any order', () => {
  const times = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(latencies(times)).toEqual({ p50Ms: 50, p99Ms: 99, maxMs: 100 });
});
