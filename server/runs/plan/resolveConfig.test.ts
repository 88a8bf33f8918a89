import { describe, expect, test } from 'vitest';
import { ValidationError } from '../../errors.ts';
import { parse } from '../../lib/parse.ts';
import { CreateRun, type CreateRunInput } from '../model.ts';
import { defaultInterval, resolveConfig } from './resolveConfig.ts';

const resolve = (input: Partial<CreateRunInput> = {}, counts = { trainCount: 20, evalCount: 4 }) =>
  resolveConfig(parse(CreateRun, { datasetKey: 'd-1', modelId: 'm', ...input }), {
    key: 'd-1',
    ...counts,
  });

const issuesOf = (...args: Parameters<typeof resolve>) => {
  try {
    resolve(...args);
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
  }
  throw new Error('nothing was refused');
};

describe('resolveConfig', () => {
  test('leaves out what is not asked for, so that equal experiments keep their digest', () => {
    const { config } = resolve({
      advanced: { model_config: {} },
      hyperparameters: { mesh: { fsdp: 1, tp: 1 } },
    });
    expect(config).toEqual(resolve().config);
    expect(Object.keys(config)).toEqual(['modelId', 'mode', 'hyperparameters']);
    expect(config.hyperparameters).not.toHaveProperty('mesh');
  });

  test('gives a schedule the learning rate, unless one is asked for', () => {
    const advanced = { optimizer_config: { schedule_type: 'constant_schedule', value: 1e-3 } };
    expect(resolve().config.hyperparameters.learningRate).toBe(2e-5);
    expect(resolve({ advanced }).config.hyperparameters.learningRate).toBeNull();
    const asked = resolve({ advanced, hyperparameters: { learningRate: 1e-4 } });
    expect(asked.config.hyperparameters.learningRate).toBe(1e-4);
    // A clone asks for what is stored.
    const again = resolve({ advanced, hyperparameters: { learningRate: null } });
    expect(again.config.hyperparameters.learningRate).toBeNull();
  });

  test('counts updates of several batches as the training does', () => {
    const steps = (accumulated: number, hyperparameters: object) => {
      const advanced = { training_config: { gradient_accumulation_steps: accumulated } };
      const { config, stepsPerEpoch } = resolve({ advanced, hyperparameters });
      return [stepsPerEpoch, config.hyperparameters.totalSteps];
    };
    // 20 items: 5 batches of 4 in each pass.
    expect(steps(1, { batchSize: 4, numEpochs: 3 })).toEqual([5, 15]);
    expect(steps(2, { batchSize: 4, numEpochs: 3 })).toEqual([2, 7]);
    expect(steps(15, { batchSize: 4, numEpochs: 3 })).toEqual([0, 1]);
    expect(steps(2, { batchSize: 4, numEpochs: 3, maxSteps: 4 })).toEqual([2, 4]);
  });

  test('refuses updates that the data does not give', () => {
    const hyperparameters = { batchSize: 4, numEpochs: 3 };
    const advanced = { training_config: { gradient_accumulation_steps: 16 } };
    expect(issuesOf({ advanced, hyperparameters })).toMatchObject([
      {
        path: ['advanced', 'training_config', 'gradient_accumulation_steps'],
        code: 'TOO_LARGE',
        limit: '15',
        found: '16',
      },
    ]);
    expect(issuesOf({ hyperparameters: { batchSize: 21 } })).toMatchObject([
      { code: 'BATCH_TOO_LARGE', limit: '20', found: '21' },
    ]);
  });

  test('refuses a training that is judged never, or on nothing', () => {
    expect(issuesOf({ evaluateItems: 5 })).toMatchObject([{ code: 'WITHOUT_STEPS' }]);
    expect(issuesOf({ evaluateEverySteps: 7 })).toMatchObject([{ code: 'TOO_LARGE', limit: '6' }]);
    expect(issuesOf({ evaluateEverySteps: 1 }, { trainCount: 20, evalCount: 0 })).toMatchObject([
      { code: 'NO_EVAL_ITEMS' },
    ]);
    expect(resolve({ evaluateEverySteps: 1 }).config.evaluateItems).toBe(4);
  });

  test('evaluates and saves ten times over the run', () => {
    expect([1, 10, 11, 95].map(defaultInterval)).toEqual([1, 1, 2, 10]);
  });
});
