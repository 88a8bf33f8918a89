import { expect, it } from 'vitest';
import { listChanges, toCloneChanges } from './cloneChanges.ts';

const parent = {
  datasetKey: 'd-1',
  modelId: 'tiny',
  evaluationSetKey: 'quiz-v1',
  requiredLabels: ['gpu'],
  hyperparameters: { learningRate: 0.001, maxSteps: 30, lora: { rank: 4, alpha: 8 } },
};

it('is nothing while nothing was changed', () => {
  const same = { ...parent, hyperparameters: { ...parent.hyperparameters } };
  expect(toCloneChanges(parent, same)).toEqual({});
  expect(listChanges(parent, { ...same, acknowledgedWarnings: ['X'] })).toEqual([]);
});

it('names what is other, and gives back by null what is not asked for any more', () => {
  const after = {
    datasetKey: 'd-2',
    modelId: 'tiny',
    requiredLabels: ['gpu'],
    retryOnFailure: true,
    hyperparameters: { learningRate: 0.002, lora: { rank: 8, alpha: 8 } },
  };
  expect(toCloneChanges(parent, after)).toEqual({
    datasetKey: 'd-2',
    evaluationSetKey: null,
    retryOnFailure: true,
    hyperparameters: { learningRate: 0.002, maxSteps: null, lora: { rank: 8, alpha: 8 } },
  });
  expect(listChanges(parent, after)).toEqual([
    { path: 'datasetKey', before: 'd-1', after: 'd-2' },
    { path: 'evaluationSetKey', before: 'quiz-v1', after: null },
    { path: 'retryOnFailure', before: null, after: true },
    { path: 'hyperparameters.learningRate', before: 0.001, after: 0.002 },
    { path: 'hyperparameters.maxSteps', before: 30, after: null },
    {
      path: 'hyperparameters.lora',
      before: { rank: 4, alpha: 8 },
      after: { rank: 8, alpha: 8 },
    },
  ]);
});
