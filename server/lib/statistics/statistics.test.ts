import { describe, expect, test } from 'vitest';
import { mersenne } from '../mersenne.ts';
import { bootstrapMean, resamplesFor } from './bootstrap.ts';
import { minDetectable } from './detectable.ts';
import { holm } from './holm.ts';
import { mcnemarExact } from './mcnemar.ts';
import { normalQuantile } from './normal.ts';
import { comparePaired } from './paired.ts';
import { permutationTest } from './permutation.ts';

describe('mcnemarExact', () => {
  // 2 · P(X ≤ min) by hand: sums of binomial coefficients over 2^n.
  test.for([
    [8, 3, (232 * 2) / 2 ** 11],
    [3, 8, (232 * 2) / 2 ** 11],
    [0, 5, 2 / 2 ** 5],
    [1, 9, 22 / 2 ** 10],
    [0, 1, 1],
    [5, 5, 1],
    [0, 0, 1],
  ] as const)('of %i and %i is %f', ([worse, better, p]) => {
    expect(mcnemarExact(worse, better)).toBeCloseTo(p, 12);
  });

  test('of many pairs neither underflows nor passes 1', () => {
    expect(mcnemarExact(500_000, 500_000)).toBe(1);
    expect(mcnemarExact(499_999, 500_001)).toBeLessThanOrEqual(1);
    expect(mcnemarExact(0, 2_000)).toBeGreaterThanOrEqual(0);
    expect(mcnemarExact(0, 1_000)).toBeCloseTo(2 ** -999, 300);
  });

  test.for([
    [-1, 2],
    [1.5, 2],
    [1, Number.NaN],
  ] as const)('refuses %f and %f', ([worse, better]) => {
    expect(() => mcnemarExact(worse, better)).toThrow(RangeError);
  });
});

describe('bootstrapMean', () => {
  const values = [
    ...Array<number>(8).fill(-1),
    ...Array<number>(3).fill(1),
    ...Array<number>(89).fill(0),
  ];

  test('is the same for the same seed, and another for another', () => {
    const scores = [0.1, 0.25, 0.37, 0.9, 0.41, 0.66, 0.07];
    const of = (seed: number) => bootstrapMean(scores, 0.05, mersenne(seed).random);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test('agrees with the normal approximation where that holds', () => {
    const interval = bootstrapMean(values, 0.05, mersenne(1).random);
    const spread = 1.96 * Math.sqrt((11 / 100 - 0.05 ** 2) / 100);
    expect(interval?.low).toBeCloseTo(-0.05 - spread, 1);
    expect(interval?.high).toBeCloseTo(-0.05 + spread, 1);
  });

  test('has no width when all values are equal, and is nothing without values', () => {
    expect(bootstrapMean([2, 2, 2], 0.05, mersenne(1).random)).toEqual({ low: 2, high: 2 });
    expect(bootstrapMean([], 0.05, mersenne(1).random)).toBeNull();
  });

  test('makes fewer resamples of more values', () => {
    expect([10, 100_000, 10_000_000].map(resamplesFor)).toEqual([10_000, 1_000, 1_000]);
  });
});

describe('holm', () => {
  test('corrects the example of the method, in the order given', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [index, p] of [0.03, 0.06, 0.06, 0.02].entries()) {
      expect(adjusted[index]).toBeCloseTo(p, 12);
    }
  });

  test('stays at 1 and takes no p values', () => {
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('minDetectable', () => {
  test('is about ten points for 100 items of which 11 differ', () => {
    const differences = [
      ...Array<number>(8).fill(-1),
      ...Array<number>(3).fill(1),
      ...Array<number>(89).fill(0),
    ];
    expect(minDetectable(differences, 0.05)).toBeCloseTo(0.098, 3);
  });

  test('is never nothing, falls with the items and rises with the confidence', () => {
    const same = (count: number, alpha = 0.05) =>
      minDetectable(Array<number>(count).fill(0), alpha) ?? Number.NaN;
    expect(same(10)).toBeGreaterThan(0.3);
    expect(same(1000)).toBeLessThan(same(100));
    expect(same(100, 0.01)).toBeGreaterThan(same(100));
    expect(minDetectable([], 0.05)).toBeNull();
  });
});

describe('normalQuantile', () => {
  test.for([
    [0.5, 0],
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
  ] as const)('of %f is %f', ([p, z]) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-8);
  });

  test.for([0, 1, -1, Number.NaN])('refuses %f', (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});

describe('permutationTest', () => {
  test('finds a clear difference, and none where there is none', () => {
    const clear = Array.from({ length: 20 }, (_, index) => 0.1 + index / 100);
    expect(permutationTest(clear, mersenne(1).random, 9_999)).toBe(1 / 10_000);
    const none = clear.map((value, index) => (index % 2 ? value : -value));
    expect(permutationTest(none, mersenne(1).random, 999)).toBeGreaterThan(0.5);
    expect(permutationTest([0, 0, 0], mersenne(1).random, 99)).toBe(1);
  });

  test('comes near the exact value of a sample that can be counted out', () => {
    // Of the 2^5 sign patterns of 1..5, four have an absolute sum of at least 13.
    const p = permutationTest(
      [1, 2, 3, 4, 5].map((value) => (value === 1 ? -1 : value)),
      mersenne(3).random,
      20_000,
    );
    expect(Math.abs(p - 4 / 32)).toBeLessThan(0.01);
  });
});

describe('comparePaired', () => {
  const pairs = (worse: number, better: number, same: number) => [
    ...Array.from({ length: worse }, () => ({ baseline: 1, candidate: 0 })),
    ...Array.from({ length: better }, () => ({ baseline: 0, candidate: 1 })),
    ...Array.from({ length: same }, (_, index) => ({ baseline: index % 2, candidate: index % 2 })),
  ];

  test('calls 8 against 3 of 100 what it is: five points that may be chance', () => {
    const compared = comparePaired(pairs(8, 3, 89), 0.05, 7);
    expect(compared).toMatchObject({
      items: 100,
      lower: 8,
      higher: 3,
      test: 'MCNEMAR_EXACT',
      seed: 7,
      alpha: 0.05,
    });
    expect(compared?.delta).toBeCloseTo(-0.05, 12);
    expect(compared?.pValue).toBeCloseTo(0.2265625, 10);
    expect(compared?.interval.low).toBeLessThan(-0.05);
    expect(compared?.interval.high).toBeGreaterThan(0);
    expect(compared?.minDetectable).toBeGreaterThan(0.09);
  });

  test('tests scores between right and wrong by permutation', () => {
    const scores = Array.from({ length: 30 }, (_, index) => ({
      baseline: 0.5,
      candidate: 0.55 + index / 1000,
    }));
    const compared = comparePaired(scores, 0.05, 7);
    expect(compared).toMatchObject({ test: 'PAIRED_PERMUTATION', lower: 0, higher: 30 });
    expect(compared?.pValue).toBeLessThan(0.001);
    expect(compared).toEqual(comparePaired(scores, 0.05, 7));
  });

  test('is nothing without pairs', () => {
    expect(comparePaired([], 0.05, 7)).toBeNull();
  });
});
