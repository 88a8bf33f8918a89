import { describe, expect, test } from 'vitest';
import { isLowerBetter, itemMetricOf, percentOf } from './metric.ts';

describe('percentOf', () => {
  test.each([
    [-10, 80, -12.5],
    [1, 3, 33.33],
    [-1, -3, -33.33],
    [0, 0, 0],
    [0, -5, 0],
    [3, 0, 100],
    [-3, 0, -100],
  ])('%d of %d is %d', (delta, baseline, percent) => {
    expect(percentOf(delta, baseline)).toBe(percent);
  });
});

describe('isLowerBetter', () => {
  test.each([
    'loss',
    'eval/loss',
    'trainLoss',
    'latency_p99',
    'runtime',
    'time',
    'error_rate',
    'Errors',
  ])('holds for %s', (metric) => {
    expect(isLowerBetter(metric)).toBe(true);
  });

  test.each(['score', 'accuracy', 'primary_score', 'sentiment', 'lossless', 'timeliness', ''])(
    'does not hold for %s',
    (metric) => {
      expect(isLowerBetter(metric)).toBe(false);
    },
  );
});

describe('itemMetricOf', () => {
  test.each([
    ['score', 100, null],
    ['primary_score', 1, null],
    ['accuracy', 1, null],
    ['section/core/accuracy', 1, { by: 'SECTION', value: 'core' }],
    ['category/a/b/score', 100, { by: 'CATEGORY', value: 'a/b' }],
    ['difficulty/very\nhard/accuracy', 1, { by: 'DIFFICULTY', value: 'very\nhard' }],
  ])('knows %j', (metric, scale, slice) => {
    expect(itemMetricOf(metric)).toMatchObject({ scale, slice });
  });

  test.each(['correct', 'items', 'latency', 'section/core/items', 'part/x/accuracy', 'section//x'])(
    'has no items for %j',
    (metric) => {
      expect(itemMetricOf(metric)).toBeNull();
    },
  );
});
