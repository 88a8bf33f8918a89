import { describe, expect, test } from 'vitest';
import { wilsonInterval, wilsonOfMean, wilsonReach } from './stats.ts';

describe('wilsonInterval', () => {
  // Computed in R: prop.test(x, n, correct = FALSE)$conf.int; 81/263 is Newcombe (1998), table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
    [5, 10, 0.2366, 0.7634],
    [1, 1, 0.2065, 1],
    [0, 1, 0, 0.7935],
  ])('%i of %i is %f to %f', (successes, total, low, high) => {
    const interval = wilsonInterval(successes, total);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  test('is exactly 0 and 1 at the ends', () => {
    for (const total of [1, 3, 7, 1000, 12_345]) {
      expect(wilsonInterval(0, total)?.low).toBe(0);
      expect(wilsonInterval(total, total)?.high).toBe(1);
    }
  });

  test('is symmetric and holds the proportion', () => {
    for (let successes = 0; successes <= 37; successes++) {
      const one = wilsonInterval(successes, 37) ?? { low: 1, high: 0 };
      const other = wilsonInterval(37 - successes, 37) ?? { low: 1, high: 0 };
      expect(one.low).toBeCloseTo(1 - other.high, 12);
      expect(one.low).toBeLessThanOrEqual(successes / 37);
      expect(one.high).toBeGreaterThanOrEqual(successes / 37);
    }
  });

  test('knows nothing without items', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });

  test.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [1.5, 5],
    [Number.NaN, 5],
  ])('refuses %f of %f', (successes, total) => {
    expect(() => wilsonInterval(successes, total)).toThrow(RangeError);
  });
});

describe('wilsonOfMean', () => {
  test('is the interval of a share for the mean of zeros and ones', () => {
    expect(wilsonOfMean(81 / 263, 263)).toEqual(wilsonInterval(81, 263));
  });

  test('reaches exactly the means whose intervals touch', () => {
    const own = wilsonOfMean(0.6, 200);
    const { low, high } = wilsonReach(own, 200);
    expect(wilsonOfMean(low, 200).high).toBeCloseTo(own.low, 12);
    expect(wilsonOfMean(high, 200).low).toBeCloseTo(own.high, 12);
  });

  test.each([
    [0.5, 0],
    [1.5, 5],
    [-0.1, 5],
    [Number.NaN, 5],
  ])('refuses a mean of %f over %f', (mean, count) => {
    expect(() => wilsonOfMean(mean, count)).toThrow(RangeError);
  });
});
