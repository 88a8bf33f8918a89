import { expect, it } from 'vitest';
import { leavesOf } from './leaves.ts';

it('takes a configuration apart to its leaves', () => {
  const config = { mode: 'LOCAL', hyperparameters: { lora: { rank: 4 }, seed: 0 }, labels: ['a'] };
  expect([...leavesOf(config)]).toEqual([
    ['mode', 'LOCAL'],
    ['hyperparameters.lora.rank', 4],
    ['hyperparameters.seed', 0],
    ['labels', ['a']],
  ]);
  expect(leavesOf(null).size).toBe(0);
});
