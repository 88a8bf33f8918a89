import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { compareOffThread, testOffThread } from './offThread.ts';
import { comparePaired, testPaired } from './paired.ts';

const graded = Array.from({ length: 1_000 }, (_, index) => ({
  baseline: (index % 10) / 10,
  candidate: (index % 7) / 7,
}));
const exact = graded.map(({ baseline }) => ({ baseline: Number(baseline > 0.3), candidate: 1 }));
const task = (pairs: typeof graded, resamples: number) => ({
  pairs,
  alpha: 0.05,
  seed: 3,
  resamples,
});

describe('off the thread', () => {
  test.each([10, 1_500])('%i resamples give what they give on it', async (resamples) => {
    const tasks = [task(graded, resamples), task(exact, resamples), task([], resamples)];
    expect(await compareOffThread(tasks)).toEqual(
      tasks.map(({ pairs }) => comparePaired(pairs, 0.05, 3, resamples)),
    );
    expect(await testOffThread(tasks)).toEqual(
      tasks.map(({ pairs }) => testPaired(pairs, 0.05, 3, resamples)),
    );
  });

  test('others go on meanwhile', async () => {
    let isOver = false;
    const working = compareOffThread([task(graded, 5_000)]).finally(() => {
      isOver = true;
    });
    let turns = 0;
    while (!isOver) {
      await setImmediate();
      turns += 1;
    }
    await working;
    expect(turns).toBeGreaterThan(100);
  });

  test('what the thread throws is thrown', async () => {
    const broken = { ...task(graded, 5_000), seed: 0.5 };
    await expect(compareOffThread([broken])).rejects.toThrow('the seed must be a whole number');
  });
});
