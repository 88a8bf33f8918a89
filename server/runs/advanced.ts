/**
 * `advanced`: the keys of Tunix's own config that a run may set. Each is listed here with its type
 * and bounds; no value is free text, so nothing that Tunix would interpolate gets in.
 */
import { z } from 'zod';

const steps = (least: number) => z.int().min(least).max(10_000_000);
const rate = z.number().min(0).max(1);
const decay = z.number().min(0).lt(1);
const power = z.number().positive().max(10);

/** What each optimizer of optax reads, beside the learning rate. */
export const OPTIMIZERS = {
  adamw: ['weight_decay', 'b1', 'b2', 'eps', 'eps_root', 'nesterov'],
  adam: ['b1', 'b2', 'eps', 'eps_root', 'nesterov'],
  lion: ['weight_decay', 'b1', 'b2'],
  sgd: ['momentum', 'nesterov'],
} as const satisfies Record<string, string[]>;

type Schedule = { needs: readonly string[]; takes: readonly string[] };

/** What each schedule of optax.schedules needs and what it takes besides. */
export const SCHEDULES = {
  constant_schedule: { needs: ['value'], takes: [] },
  linear_schedule: {
    needs: ['init_value', 'end_value', 'transition_steps'],
    takes: ['transition_begin'],
  },
  polynomial_schedule: {
    needs: ['init_value', 'end_value', 'power', 'transition_steps'],
    takes: ['transition_begin'],
  },
  exponential_decay: {
    needs: ['init_value', 'transition_steps', 'decay_rate'],
    takes: ['transition_begin', 'staircase', 'end_value'],
  },
  cosine_decay_schedule: { needs: ['init_value', 'decay_steps'], takes: ['alpha', 'exponent'] },
  warmup_constant_schedule: { needs: ['init_value', 'peak_value', 'warmup_steps'], takes: [] },
  warmup_cosine_decay_schedule: {
    needs: ['init_value', 'peak_value', 'warmup_steps', 'decay_steps'],
    takes: ['end_value', 'exponent'],
  },
} as const satisfies Record<string, Schedule>;

export type OptimizerName = keyof typeof OPTIMIZERS;
export type ScheduleName = keyof typeof SCHEDULES;

const optimizer = {
  opt_type: z.enum(Object.keys(OPTIMIZERS) as [OptimizerName, ...OptimizerName[]]),
  b1: decay,
  b2: decay,
  eps: z.number().positive().max(1),
  eps_root: rate,
  momentum: decay,
  nesterov: z.boolean(),
  schedule_type: z.enum(Object.keys(SCHEDULES) as [ScheduleName, ...ScheduleName[]]),
  value: rate,
  init_value: rate,
  peak_value: rate,
  end_value: rate,
  warmup_steps: steps(0),
  decay_steps: steps(1),
  transition_steps: steps(1),
  transition_begin: steps(0),
  decay_rate: power,
  alpha: rate,
  exponent: power,
  power,
  staircase: z.boolean(),
  // Never read by Tunix; taken so that they can be warned of.
  max_grad_norm: z.number().positive(),
  warmup_ratio: rate,
};

const training = {
  gradient_accumulation_steps: z.int().min(1).max(1024),
  max_inflight_computations: z.int().min(1).max(64),
};

// Not float16: Tunix scales no losses, and gradients vanish.
const dtype = z.enum(['float32', 'bfloat16']);

const model = {
  remat_config: z.int().min(1).max(3),
  dtype,
  load_dtype: dtype,
  use_flash_attention: z.boolean(),
  flash_attention_block_size: z.int().min(128).max(8192),
  // Read by no model that Tunix RT loads.
  use_flash_attn: z.boolean(),
  use_sliding_window_kv_cache: z.boolean(),
};

/** Keys that other parts of the input or the runner decide, with what to do instead. */
const ELSEWHERE: Record<string, Record<string, string>> = {
  optimizer_config: {
    learning_rate: 'set hyperparameters.learningRate',
    weight_decay: 'set hyperparameters.weightDecay',
  },
  training_config: {
    max_steps: 'set hyperparameters.maxSteps',
    eval_every_n_steps: 'set hyperparameters.evalEverySteps',
    checkpointing_options: 'set hyperparameters.saveEverySteps',
    checkpoint_root_directory: 'the runner decides it',
    metrics_logging_options: 'the runner stores every metric itself',
    profiler_options: 'Tunix fails on it when a run is resumed; leave it out',
  },
  model_config: {
    lora_config: 'set hyperparameters.lora',
    mesh: 'set hyperparameters.mesh',
    rng_seed: 'set hyperparameters.seed',
    model_id: 'set modelId',
    model_name: 'set modelId',
    model_path: 'set modelId',
    model_source: 'set modelId',
  },
  '': {
    batch_size: 'set hyperparameters.batchSize',
    max_target_length: 'set hyperparameters.maxSeqLength',
    num_train_epochs: 'set hyperparameters.numEpochs',
    tokenizer_config: 'it belongs to the model',
  },
};

/** An object of some of these keys; every other key is refused with the ones there are. */
function section<T extends z.ZodRawShape>(name: string, shape: T) {
  const known = Object.keys(shape);
  return z
    .unknown()
    .superRefine((value, context) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        context.addIssue({
          code: 'custom',
          message: `is no object; use one with ${known.join(', ')}`,
          params: { code: 'WRONG_TYPE' },
        });
        return;
      }
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(shape, key)) continue;
        const place = ELSEWHERE[name] ?? {};
        const instead = Object.hasOwn(place, key) ? place[key] : undefined;
        context.addIssue({
          code: 'custom',
          path: [key],
          message: instead
            ? `cannot be set here: ${instead}`
            : `there is no such key; use one of ${known.join(', ')}`,
          params: { code: instead ? 'SET_ELSEWHERE' : 'UNKNOWN_FIELD' },
        });
      }
    })
    .pipe(z.object(shape).partial());
}

/** The input as it is checked; sections that set nothing are left out. */
export const Advanced = section('', {
  optimizer_config: section('optimizer_config', optimizer),
  training_config: section('training_config', training),
  model_config: section('model_config', model),
  // Of base_config.yaml, and read by nothing.
  num_test_batches: z.int().min(0),
}).transform((given) => {
  const kept = Object.entries(given).filter(
    ([, value]) => typeof value !== 'object' || Object.keys(value).length > 0,
  );
  return kept.length > 0 ? (Object.fromEntries(kept) as typeof given) : undefined;
});

export type Advanced = NonNullable<z.output<typeof Advanced>>;
