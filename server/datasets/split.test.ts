import { describe, expect, test } from 'vitest';
import { sideCounts } from './split.ts';

const USUAL = { train: 0.8, eval: 0.1, test: 0.1 };

const countsOf = ([TRAIN = 0, EVAL = 0, TEST = 0]: readonly number[], fractions = USUAL) => {
  const counts = sideCounts({ TRAIN, EVAL, TEST }, fractions);
  return [counts.TRAIN, counts.EVAL, counts.TEST];
};

describe('sideCounts', () => {
  test.for([
    [
      [80, 10, 10],
      [80, 10, 10],
    ],
    [
      [3, 0, 0],
      [1, 1, 1],
    ],
    [
      [0, 3, 0],
      [1, 1, 1],
    ],
    [
      [0, 0, 9],
      [1, 1, 7],
    ],
    [
      [5, 0, 1],
      [4, 1, 1],
    ],
    [
      [2, 2, 0],
      [1, 2, 1],
    ],
    [
      [2, 0, 0],
      [2, 0, 0],
    ],
    [
      [0, 1, 1],
      [2, 0, 0],
    ],
    [
      [0, 0, 1],
      [1, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ] as const)('makes %j prompts %j', ([counted, wanted]) => {
    expect(countsOf(counted)).toEqual(wanted);
  });

  test.for([
    [{ train: 1, eval: 0, test: 0 }, [4, 0, 0], [4, 0, 0]],
    [{ train: 0.5, eval: 0.5, test: 0 }, [4, 0, 0], [3, 1, 0]],
    [{ train: 0.5, eval: 0, test: 0.5 }, [0, 0, 4], [1, 0, 3]],
    [{ train: 0.7, eval: 0.2999999, test: 0 }, [3, 1, 1], [3, 2, 0]],
    [{ train: 0.9999999, eval: 0, test: 0 }, [3, 0, 1], [4, 0, 0]],
    [{ train: 1e-9, eval: 0.5, test: 0.5 }, [0, 2, 2], [1, 1, 2]],
  ] as const)('fills of %j exactly the sides that want any', ([fractions, counted, wanted]) => {
    expect(countsOf(counted, fractions)).toEqual(wanted);
  });

  test('neither loses nor adds a prompt, and leaves no side of three or more empty', () => {
    for (let at = 0; at < 6 ** 3; at++) {
      const counted = [at % 6, Math.floor(at / 6) % 6, Math.floor(at / 36)];
      const sum = counted.reduce((a, b) => a + b);
      const counts = countsOf(counted);
      expect(counts.reduce((a, b) => a + b)).toBe(sum);
      if (sum >= 3) expect(Math.min(...counts), counted.join()).toBeGreaterThan(0);
    }
  });
});
