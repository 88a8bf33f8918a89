import { expect, it } from 'vitest';
import { type BulkAnswer, inBulk } from './bulk.ts';

it('does each once, a few side by side, and goes on after a fault', async () => {
  const ids = Array.from({ length: 9 }, (_, index) => `r${index}`);
  const done: string[] = [];
  let now = 0;
  let most = 0;
  const told: BulkAnswer[] = [];
  const answers = await inBulk(
    ids,
    async (id) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now -= 1;
      done.push(id);
      if (id === 'r2') throw new Error('The server does not answer.');
      return id === 'r4' ? 'It has ended already.' : undefined;
    },
    (answer) => told.push(answer),
  );
  expect(done.toSorted()).toEqual(ids);
  expect(most).toBe(4);
  expect(told).toEqual(answers);
  expect(answers.filter(({ fault }) => fault)).toEqual([
    { id: 'r2', fault: 'The server does not answer.' },
    { id: 'r4', fault: 'It has ended already.' },
  ]);
});
