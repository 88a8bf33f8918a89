import { describe, expect, test } from 'vitest';
import { type Actor, ANONYMOUS, LOCAL, SYSTEM } from '../access/actor.ts';
import { openRateLimits } from './rates.ts';

const here = { address: '192.0.2.1' };
const there = { address: '192.0.2.2' };
const actor = (kind: 'USER' | 'KEY', id: string): Actor => ({ ...ANONYMOUS, kind, id, name: id });

/** How many of `tries` requests went on. */
async function passed(tries: number, take: () => Promise<number | null>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: tries }, take));
  return answers.filter((seconds) => seconds === null).length;
}

describe('a rate limit', () => {
  test('lets as many requests through in a minute as it says, then tells when to come again', async () => {
    const rates = openRateLimits(3);
    const ada = actor('USER', 'ada');
    expect(await passed(10, () => rates.take(ada, here))).toBe(3);
    const seconds = await rates.take(ada, here);
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  test('counts each actor apart, wherever they are', async () => {
    const rates = openRateLimits(2);
    const [ada, key] = [actor('USER', 'ada'), actor('KEY', 'ada')];
    expect(await passed(1, () => rates.take(ada, here))).toBe(1);
    expect(await passed(5, () => rates.take(ada, there))).toBe(1);
    expect(await passed(5, () => rates.take(key, here))).toBe(2);
    expect(await passed(5, () => rates.take(actor('USER', 'bob'), here))).toBe(2);
  });

  test('counts strangers by their address', async () => {
    const rates = openRateLimits(2);
    expect(await passed(5, () => rates.take(ANONYMOUS, here))).toBe(2);
    expect(await passed(5, () => rates.take(ANONYMOUS, there))).toBe(2);
    expect(await passed(5, () => rates.take(ANONYMOUS, { address: null }))).toBe(2);
  });

  test('counts nobody where one user has the machine to themselves, nor the program itself', async () => {
    const rates = openRateLimits(1);
    expect(await passed(5, () => rates.take(LOCAL, here))).toBe(5);
    expect(await passed(5, () => rates.take(SYSTEM, here))).toBe(5);
    expect(await rates.read(LOCAL, here)).toEqual({ limit: null, remaining: null, resetAt: null });
  });

  test('of 0 is none', async () => {
    const rates = openRateLimits(0);
    expect(await passed(50, () => rates.take(ANONYMOUS, here))).toBe(50);
    expect((await rates.read(ANONYMOUS, here)).limit).toBeNull();
  });

  test('tells what is left without taking of it', async () => {
    const rates = openRateLimits(3);
    const ada = actor('USER', 'ada');
    expect(await rates.read(ada, here)).toEqual({ limit: 3, remaining: 3, resetAt: null });
    await rates.take(ada, here);
    for (let i = 0; i < 3; i++) {
      const { limit, remaining, resetAt } = await rates.read(ada, here);
      expect({ limit, remaining }).toEqual({ limit: 3, remaining: 2 });
      expect((resetAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(50_000);
    }
    await passed(5, () => rates.take(ada, here));
    expect((await rates.read(ada, here)).remaining).toBe(0);
  });
});
