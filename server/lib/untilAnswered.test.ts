import { expect, test } from 'vitest';
import { untilAnswered } from './untilAnswered.ts';

const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const never = new AbortController().signal;

test('asks again while the database is away', async () => {
  let asked = 0;
  const read = async () => {
    if (++asked < 2) throw away();
    return 'here';
  };
  expect(await untilAnswered(never, read)).toBe('here');
});

test('throws what is no outage', async () => {
  const read = () => Promise.reject(new Error('bad luck'));
  await expect(untilAnswered(never, read)).rejects.toThrow('bad luck');
});

test('gives up when nobody waits any more', async () => {
  const gone = new AbortController();
  const asking = untilAnswered(gone.signal, () => Promise.reject(away()));
  gone.abort();
  expect(await asking).toBeNull();
});
