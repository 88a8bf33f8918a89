import { expect, it } from 'vitest';
import { toTraceFilter } from '../lib/traceFilter.ts';
import { emptyDatasetForm, toSelection } from './datasetForm.ts';
import { excludedByRecipe, filterOfRecipe, formOfRecipe } from './fromRecipe.ts';

const RECIPE = {
  filter: {
    text: 'carry -easy',
    sources: ['gsm8k, train'],
    tags: ['a', 'b'],
    versions: ['1'],
    steps: { min: 2 },
    score: { min: 40.5, max: 90 },
    createdAfter: '2026-01-01T00:00:00.000Z',
    datasetKey: 'math-v1',
    split: 'TRAIN',
    meta: { level: 3, kind: 'sum', code: '007' },
  },
  strategy: 'RANDOM',
  limit: 500,
  seed: 7,
  split: { train: 0.7, eval: 0.2, test: 0.1 },
  exclude: ['aa', 'bb'],
};

it('gives the same selection again', () => {
  expect(toTraceFilter(filterOfRecipe(RECIPE))).toEqual(RECIPE.filter);
  const { strategy, limit, seed, split } = RECIPE;
  expect(toSelection(formOfRecipe(RECIPE))).toEqual({
    errors: {},
    selection: { strategy, limit, seed, split },
  });
  expect(excludedByRecipe(RECIPE)).toEqual(['aa', 'bb']);
});

it('reads recipes of the first format and survives strange ones', () => {
  expect(filterOfRecipe({ filter: { source: 'demo', tag: 'x' } })).toEqual({
    source: 'demo',
    tag: 'x',
  });
  for (const strange of [null, [], { filter: 3, split: 'half', exclude: 'all' }]) {
    expect(filterOfRecipe(strange)).toEqual({});
    expect(formOfRecipe(strange)).toEqual(emptyDatasetForm);
    expect(excludedByRecipe(strange)).toEqual([]);
  }
});
