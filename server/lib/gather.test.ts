import { describe, expect, test } from 'vitest';
import { gather } from './gather.ts';

describe('gather', () => {
  test('works on what comes together in one batch, and gives each its own result', async () => {
    const batches: number[][] = [];
    const double = gather<number, number>(async (items) => {
      batches.push([...items]);
      return items.map((item) => item * 2);
    }, 100);
    expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6]);
    expect(await double(4)).toBe(8);
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  test('makes no batch larger than allowed, and keeps the order', async () => {
    const sizes: number[] = [];
    const same = gather<number, number>(async (items) => {
      sizes.push(items.length);
      return items;
    }, 4);
    const items = Array.from({ length: 10 }, (_, index) => index);
    expect(await Promise.all(items.map(same))).toEqual(items);
    expect(sizes).toEqual([4, 4, 2]);
  });

  test('gives the error of one item to its caller alone', async () => {
    const work = gather<number, number>(async (items) => {
      if (items.includes(13)) throw new Error('no 13');
      return items;
    }, 100);
    const results = await Promise.allSettled([12, 13, 14].map(work));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('tries nothing again while the database is away', async () => {
    let calls = 0;
    const work = gather<number, number>(async () => {
      calls += 1;
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    }, 100);
    const results = await Promise.allSettled([1, 2, 3].map(work));
    expect(results.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(calls).toBe(1);
  });
});
