import { expect, test } from 'vitest';
import { shared } from './shared.ts';

test('calls of one key share the answer that is under way, and no later one', async () => {
  const call = shared<number>();
  let calls = 0;
  const answer = async () => ++calls;
  expect(await Promise.all([call('a', answer), call('a', answer), call('b', answer)])).toEqual([
    1, 1, 2,
  ]);
  expect(await call('a', answer)).toBe(3);
});

test('a call that fails is not remembered', async () => {
  const call = shared<number>();
  await expect(call('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await call('a', async () => 1)).toBe(1);
});
