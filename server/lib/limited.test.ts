import { expect, test } from 'vitest';
import { limited } from './limited.ts';

test('runs no more tasks at once than allowed, in order, and goes on after one that fails', async () => {
  const run = limited(2);
  const started: number[] = [];
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const results = ends.map(({ promise }, index) =>
    run(() => {
      started.push(index);
      return promise;
    }),
  );
  const settled = Promise.allSettled(results);
  expect(started).toEqual([0, 1]);
  ends[1]?.reject(new Error('bad luck'));
  await expect(results[1]).rejects.toThrow('bad luck');
  expect(started).toEqual([0, 1, 2]);
  for (const [index, { resolve }] of ends.entries()) resolve(index);
  await settled;
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(await run(async () => 'one more')).toBe('one more');
});
