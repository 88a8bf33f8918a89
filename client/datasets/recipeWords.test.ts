import { expect, it } from 'vitest';
import { recipeWords } from './recipeWords.ts';

it('says every condition of a recipe', () => {
  const text = recipeWords({
    filter: {
      sources: ['gsm8k', 'hand'],
      tags: ['easy', 'short'],
      steps: { min: 2, max: 8 },
      score: { min: 40 },
      datasetKey: 'math-v1',
      split: 'TRAIN',
      meta: { level: 3 },
    },
    strategy: 'RANDOM',
    limit: 1200,
    seed: 7,
    split: { train: 0.8, eval: 0.1, test: 0.1 },
    exclude: ['a', 'b'],
  }).join('\n');
  for (const part of [
    'from “gsm8k” or “hand”',
    'tagged “easy” and “short”',
    'with 2 to 8 steps',
    'score of at least 40',
    'the train side of math-v1',
    '{"level":3}',
    'Leaves out 2',
    'at most 1,200, chosen by seed 7',
    '80 % to train, 10 % to eval, 10 % to test',
  ]) {
    expect(text).toContain(part);
  }
});

it('reads recipes of the first format and does not stumble over strange ones', () => {
  expect(recipeWords({ filter: { source: 'demo' }, strategy: 'LATEST', limit: 5 })).toEqual([
    'Takes traces from “demo”.',
    'Of these the newest 5.',
  ]);
  expect(recipeWords({ filter: {} })).toEqual(['Takes any stored trace.']);
  expect(recipeWords(null)).toEqual([]);
});
