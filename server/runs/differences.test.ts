import { describe, expect, test } from 'vitest';
import { type Asked, configDifferences } from './differences.ts';

const run = (config: unknown, over: Partial<Asked> = {}): Asked => ({
  modelId: 'tiny',
  config,
  dataset: { key: 'sums-1' },
  evaluationSet: null,
  ...over,
});

describe('configDifferences', () => {
  test('names by path what is not the same in all runs', () => {
    const differences = configDifferences([
      run({ mode: 'LOCAL', hyperparameters: { batchSize: 2, seed: 1 } }),
      run({ mode: 'LOCAL', hyperparameters: { batchSize: 4, seed: 1 } }),
      run({ mode: 'LOCAL', hyperparameters: { batchSize: 2, seed: 2 } }),
    ]);
    expect(differences).toEqual([
      { path: 'hyperparameters.batchSize', values: [2, 4, 2] },
      { path: 'hyperparameters.seed', values: [1, 1, 2] },
    ]);
  });

  test('says null where a run lacks a value', () => {
    const adapted = run({ hyperparameters: { lora: { rank: 4 } }, evaluateItems: 5 });
    expect(configDifferences([run({ hyperparameters: { lora: null } }), adapted])).toEqual([
      { path: 'evaluateItems', values: [null, 5] },
      { path: 'hyperparameters.lora.rank', values: [null, 4] },
    ]);
  });

  test('compares a list as one value, and what is null like what is not there', () => {
    const [one, other] = [run({ a: [1, 2], b: null }), run({ a: [1, 3], c: {} })];
    expect(configDifferences([one, other])).toEqual([
      {
        path: 'a',
        values: [
          [1, 2],
          [1, 3],
        ],
      },
    ]);
    expect(configDifferences([one, run({ a: [1, 2] })])).toEqual([]);
  });

  test('names dataset, evaluation set and model', () => {
    const other = run(
      {},
      { modelId: 'large', dataset: { key: 'sums-2' }, evaluationSet: { key: 'quiz-1' } },
    );
    expect(configDifferences([run({}), other])).toEqual([
      { path: 'datasetKey', values: ['sums-1', 'sums-2'] },
      { path: 'evaluationSetKey', values: [null, 'quiz-1'] },
      { path: 'modelId', values: ['tiny', 'large'] },
    ]);
  });
});
