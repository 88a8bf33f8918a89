import { describe, expect, it } from 'vitest';
import { defaultsOf, emptyRunForm, fromConfig, toInput } from './runForm.ts';

const filled = {
  ...emptyRunForm,
  datasetKey: ' arithmetic-v1 ',
  modelId: 'tiny',
  learningRate: '2e-5',
  batchSize: '8',
  loraRank: '4',
  loraAlpha: '8',
  priority: '0',
};

describe('toInput', () => {
  it('leaves out what is empty and sends what is zero', () => {
    expect(toInput(filled)).toEqual({
      errors: {},
      input: {
        name: undefined,
        datasetKey: 'arithmetic-v1',
        evaluationSetKey: undefined,
        modelId: 'tiny',
        mode: 'LOCAL',
        hyperparameters: {
          learningRate: 0.00002,
          batchSize: 8,
          lora: { rank: 4, alpha: 8, modulePath: undefined },
        },
        priority: 0,
      },
    });
  });

  it('sends the evaluation set that was chosen', () => {
    const { input } = toInput({ ...filled, evaluationSetKey: 'eval-v1' });
    expect(input.evaluationSetKey).toBe('eval-v1');
  });

  it('names the fields that are no numbers', () => {
    const { errors, input } = toInput({ ...filled, batchSize: 'eight', loraAlpha: '1e999' });
    expect(Object.keys(errors).sort()).toEqual(['batchSize', 'loraAlpha']);
    expect(input.hyperparameters?.batchSize).toBeUndefined();
  });

  it('asks for the alpha that a rank needs', () => {
    expect(toInput({ ...filled, loraAlpha: '' }).errors).toEqual({
      loraAlpha: 'Needed with a rank',
    });
  });
});

describe('fromConfig', () => {
  it('is the way back', () => {
    const { input } = toInput(filled);
    const back = fromConfig(input);
    expect(back).toMatchObject({
      learningRate: '0.00002',
      batchSize: '8',
      loraRank: '4',
      loraAlpha: '8',
      priority: '0',
      numEpochs: '',
    });
  });

  it('asks for evaluations on the way as the run that is copied did', () => {
    const back = fromConfig({ evaluateEverySteps: 100, evaluateItems: 50, hyperparameters: {} });
    expect(back).toMatchObject({ evaluateEverySteps: '100', evaluateItems: '50' });
    expect(toInput({ ...filled, ...back }).input).toMatchObject({
      evaluateEverySteps: 100,
      evaluateItems: 50,
    });
  });

  it('reads flat configurations, and survives anything else', () => {
    expect(fromConfig({ batchSize: 2 }).batchSize).toBe('2');
    expect(fromConfig({ hyperparameters: { maxSteps: 36 } }).maxSteps).toBe('36');
    expect(fromConfig({ hyperparameters: { maxSteps: null, totalSteps: 9 } }).maxSteps).toBe('');
    expect(fromConfig(null)).toEqual({});
    expect(fromConfig('x')).toEqual({});
    expect(fromConfig({ hyperparameters: [], lora: 3 }).loraRank).toBe('');
  });
});

describe('defaultsOf', () => {
  it('says what stands for an empty field, and nothing for what is left out', () => {
    const hyperparameters = { learningRate: 2e-5, saveEverySteps: 12, maxSteps: null, lora: null };
    const limits = { timeoutSeconds: 86_400, priority: 0, maxAttempts: 3 };
    expect(defaultsOf({ config: { hyperparameters }, ...limits })).toMatchObject({
      ...{ learningRate: '0.00002', saveEverySteps: '12', maxSteps: '', loraRank: '' },
      ...{ timeoutSeconds: '86400', priority: '0', maxAttempts: '3' },
    });
  });
});
