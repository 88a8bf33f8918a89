import { describe, expect, test } from 'vitest';
import type { Split } from '../../prisma/generated/client/enums.ts';
import { promptHash } from '../lib/text.ts';
import { assignSplits } from './split.ts';

const USUAL = { train: 0.8, eval: 0.1, test: 0.1 };

const prompts = (count: number, start = 0) =>
  Array.from({ length: count }, (_, index) => promptHash(`prompt ${start + index}`));

const countsOf = (sides: Map<string, Split>) => {
  const count = (side: Split) => [...sides.values()].filter((each) => each === side).length;
  return [count('TRAIN'), count('EVAL'), count('TEST')];
};

describe('assignSplits', () => {
  test.for([
    USUAL,
    { train: 0.5, eval: 0.25, test: 0.25 },
    { train: 0.6, eval: 0.4, test: 0 },
    { train: 0.9, eval: 0, test: 0.1 },
    { train: 0.02, eval: 0.01, test: 0.97 },
  ])('gives each side of 10 000 prompts its part of %j', (fractions) => {
    const [train = 0, evaluation = 0, held = 0] = countsOf(
      assignSplits(prompts(10_000), fractions),
    );
    expect(train + evaluation + held).toBe(10_000);
    // Five standard deviations of a fair draw.
    const room = (fraction: number) => 5 * Math.sqrt(10_000 * fraction * (1 - fraction));
    expect(Math.abs(train - 10_000 * fractions.train)).toBeLessThanOrEqual(room(fractions.train));
    expect(Math.abs(held - 10_000 * fractions.test)).toBeLessThanOrEqual(room(fractions.test));
    expect(evaluation === 0).toBe(fractions.eval === 0);
    expect(held === 0).toBe(fractions.test === 0);
  });

  test('keeps a prompt on its side whatever else is in the dataset', () => {
    const all = assignSplits(prompts(5000), USUAL);
    const some = assignSplits(prompts(2500, 1000), USUAL);
    expect(some.size).toBe(2500);
    for (const [hash, side] of some) expect(all.get(hash)).toBe(side);
  });

  test('asks neither for order nor for how often a prompt comes', () => {
    const hashes = prompts(300);
    const sides = assignSplits(hashes, USUAL);
    const other = assignSplits([...hashes.toReversed(), ...hashes, ...hashes.slice(7)], USUAL);
    expect(Object.fromEntries(other)).toEqual(Object.fromEntries(sides));
  });

  test('puts prompts that differ in case and spaces alone on one side', () => {
    const hashes = ['What is  1 + 1?', 'what is 1 + 1? ', 'WHAT\nIS\t1 + 1?'].map(promptHash);
    expect(assignSplits(hashes, USUAL).size).toBe(1);
  });

  test.for([3, 4, 5, 6, 8, 10, 20])('leaves no side of %i prompts empty', (count) => {
    for (let start = 0; start < 2000; start += count) {
      const counts = countsOf(assignSplits(prompts(count, start), USUAL));
      expect(counts.reduce((a, b) => a + b)).toBe(count);
      expect(Math.min(...counts), `from ${start}`).toBeGreaterThan(0);
    }
  });

  test.for([
    [{ train: 1, eval: 0, test: 0 }, [true, false, false]],
    [{ train: 0.5, eval: 0.5, test: 0 }, [true, true, false]],
    [{ train: 0.5, eval: 0, test: 0.5 }, [true, false, true]],
    [{ train: 0.7, eval: 0.2999999, test: 0 }, [true, true, false]],
    [{ train: 0.9999999, eval: 0, test: 0 }, [true, false, false]],
    [{ train: 1e-9, eval: 0.5, test: 0.5 }, [true, true, true]],
  ] as const)('fills of %j exactly the sides that want any', ([fractions, filled]) => {
    for (const count of [3, 7, 50]) {
      for (let start = 0; start < 500; start += count) {
        const counts = countsOf(assignSplits(prompts(count, start), fractions));
        expect(counts.map((side) => side > 0)).toEqual(filled);
      }
    }
  });

  test.for([0, 1, 2])('puts %i prompts into TRAIN', (count) => {
    expect(countsOf(assignSplits(prompts(count), USUAL))).toEqual([count, 0, 0]);
  });
});
