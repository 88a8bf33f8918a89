import { describe, expect, test } from 'vitest';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import type { Advanced } from './advanced.ts';
import { CreateRun } from './model.ts';
import { adviseAdvanced } from './plan/advice.ts';

const advancedOf = (advanced: unknown): Advanced | null | undefined =>
  parse(CreateRun, { datasetKey: 'd-1', modelId: 'm', advanced } as never).advanced;

const issuesOf = (advanced: unknown) => {
  try {
    advancedOf(advanced);
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
  }
  throw new Error('nothing was refused');
};

const advise = (
  advanced: Advanced,
  { learningRate = null as number | null, weightDecay = 0 } = {},
) => adviseAdvanced(advanced, { learningRate, weightDecay });

const optimizer = (optimizer_config: NonNullable<Advanced['optimizer_config']>) =>
  advise({ optimizer_config });

describe('advanced', () => {
  test('takes the keys of Tunix as they are', () => {
    const given = {
      optimizer_config: { opt_type: 'adamw', b2: 0.95, eps: 1e-6, nesterov: true },
      training_config: { gradient_accumulation_steps: 4 },
      model_config: { remat_config: 3, dtype: 'bfloat16' },
    };
    expect(advancedOf(given)).toEqual(given);
  });

  test('is left out when it sets nothing', () => {
    expect(advancedOf(undefined)).toBeUndefined();
    expect(advancedOf({})).toBeUndefined();
    expect(advancedOf({ model_config: {}, optimizer_config: {} })).toBeUndefined();
    expect(advancedOf({ model_config: {}, num_test_batches: 0 })).toEqual({ num_test_batches: 0 });
  });

  test.for([
    [{ grpo_config: {} }, 'grpo_config', 'UNKNOWN_FIELD', 'use one of optimizer_config'],
    [{ model_config: { x: 1 } }, 'model_config.x', 'UNKNOWN_FIELD', 'remat_config'],
    [
      { optimizer_config: { learning_rate: 1 } },
      'optimizer_config.learning_rate',
      'SET_ELSEWHERE',
      'hyperparameters.learningRate',
    ],
    [
      { training_config: { max_steps: 5 } },
      'training_config.max_steps',
      'SET_ELSEWHERE',
      'hyperparameters.maxSteps',
    ],
    [
      { training_config: { profiler_options: {} } },
      'training_config.profiler_options',
      'SET_ELSEWHERE',
      'resumed',
    ],
    [{ model_config: { mesh: {} } }, 'model_config.mesh', 'SET_ELSEWHERE', 'hyperparameters.mesh'],
    [{ batch_size: 8 }, 'batch_size', 'SET_ELSEWHERE', 'hyperparameters.batchSize'],
    [
      { optimizer_config: { opt_type: 'adamzz' } },
      'optimizer_config.opt_type',
      'INVALID',
      'adamw, adam, lion, sgd',
    ],
    [{ optimizer_config: { b1: 1 } }, 'optimizer_config.b1', 'TOO_LARGE', 'less than 1'],
    [{ optimizer_config: { b1: '0.9' } }, 'optimizer_config.b1', 'WRONG_TYPE', 'a number'],
    [
      { training_config: { gradient_accumulation_steps: 1.5 } },
      'training_config.gradient_accumulation_steps',
      'WRONG_TYPE',
      'whole number',
    ],
    [{ model_config: { remat_config: 4 } }, 'model_config.remat_config', 'TOO_LARGE', 'at most 3'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what OmegaConf would fill in
    [{ model_config: { dtype: '${oc.env:HOME}' } }, 'model_config.dtype', 'INVALID', 'float32'],
    [{ model_config: [] }, 'model_config', 'WRONG_TYPE', 'no object'],
    [{ model_config: null }, 'model_config', 'WRONG_TYPE', 'no object'],
    ['x', '', 'WRONG_TYPE', 'no object'],
  ] as const)('refuses %j at %s as %s', ([given, path, code, text]) => {
    expect(issuesOf(given)).toMatchObject([
      {
        path: ['advanced', ...path.split('.').filter(Boolean)],
        code,
        message: expect.stringContaining(text),
      },
    ]);
  });

  test('refuses a key that would change every object', () => {
    const given = JSON.parse('{"__proto__": {"x": 1}, "model_config": {"__proto__": 1}}');
    expect(issuesOf(given)).toMatchObject([
      { path: ['advanced', '__proto__'], code: 'UNKNOWN_FIELD' },
    ]);
    const inner = JSON.parse('{"model_config": {"__proto__": {"dtype": "bfloat16"}}}');
    expect(issuesOf(inner)).toMatchObject([{ code: 'UNKNOWN_FIELD' }]);
    expect(issuesOf({ model_config: { constructor: 1, toString: 1 } })).toHaveLength(2);
  });
});

describe('adviseAdvanced', () => {
  test('has nothing to say of a run without it, or of what Tunix reads', () => {
    const none = { issues: [], warnings: [] };
    expect(adviseAdvanced(undefined, { learningRate: 1, weightDecay: 0.01 })).toEqual(none);
    expect(optimizer({ opt_type: 'adam', b1: 0.8, eps_root: 0 })).toEqual(none);
    expect(optimizer({ opt_type: 'sgd', momentum: 0.9, nesterov: true })).toEqual(none);
    const cosine = { init_value: 0, peak_value: 1e-3, warmup_steps: 5, decay_steps: 50 };
    expect(optimizer({ schedule_type: 'warmup_cosine_decay_schedule', ...cosine })).toEqual(none);
    expect(optimizer({ schedule_type: 'constant_schedule', value: 1e-3 })).toEqual(none);
  });

  test.for<[Advanced, string]>([
    [{ optimizer_config: { max_grad_norm: 1 } }, 'max_grad_norm has no effect: Tunix clips no'],
    [{ optimizer_config: { warmup_ratio: 0.1 } }, 'warmup_ratio has no effect'],
    [{ optimizer_config: { momentum: 0.9 } }, 'momentum has no effect: adamw has no such key'],
    [{ optimizer_config: { opt_type: 'lion', eps: 1e-8 } }, 'eps has no effect: lion'],
    [{ optimizer_config: { value: 1e-3 } }, 'value has no effect'],
    [
      {
        optimizer_config: {
          schedule_type: 'linear_schedule',
          init_value: 1e-3,
          end_value: 0,
          transition_steps: 9,
          value: 1e-3,
        },
      },
      'value has no effect: neither adamw nor linear_schedule',
    ],
    [{ model_config: { use_flash_attn: true } }, 'the key is use_flash_attention'],
    [{ model_config: { use_sliding_window_kv_cache: true } }, 'has a window'],
    [{ model_config: { flash_attention_block_size: 512 } }, 'use_flash_attention is off'],
    [{ num_test_batches: 3 }, 'nothing reads it'],
  ])('warns that of %j Tunix ignores something', ([advanced, text]) => {
    const { issues, warnings } = advise(advanced);
    expect(issues).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'DEAD_KEY', message: expect.stringContaining(text) }]);
  });

  test('warns of a weight decay that the optimizer does not apply', () => {
    const sgd = { optimizer_config: { opt_type: 'sgd' as const } };
    expect(advise(sgd, { weightDecay: 0.01 }).warnings).toMatchObject([
      { code: 'DEAD_KEY', message: expect.stringContaining('hyperparameters.weightDecay') },
    ]);
    expect(advise(sgd).warnings).toEqual([]);
  });

  test('warns that a learning rate makes Tunix ignore the schedule', () => {
    const advanced: Advanced = {
      optimizer_config: { schedule_type: 'cosine_decay_schedule', init_value: 1, decay_steps: 9 },
    };
    expect(advise(advanced, { learningRate: 1e-4 }).warnings).toMatchObject([
      { code: 'SCHEDULE_IGNORED', message: expect.stringContaining('trains with 0.0001') },
    ]);
    expect(advise(advanced).warnings).toEqual([]);
  });

  test('refuses a schedule that cannot be made', () => {
    expect(optimizer({ schedule_type: 'linear_schedule', init_value: 1 }).issues).toMatchObject([
      { path: ['advanced', 'optimizer_config', 'end_value'], code: 'REQUIRED' },
      { path: ['advanced', 'optimizer_config', 'transition_steps'], code: 'REQUIRED' },
    ]);
    const steps = { init_value: 0, peak_value: 1, warmup_steps: 10, decay_steps: 10 };
    expect(
      optimizer({ schedule_type: 'warmup_cosine_decay_schedule', ...steps }).issues,
    ).toMatchObject([{ path: ['advanced', 'optimizer_config', 'decay_steps'], code: 'TOO_SMALL' }]);
  });
});
