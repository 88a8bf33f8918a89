/**
 * The one complete config file of an attempt. Tunix takes it as its base file and gets no overrides:
 * an override of one key of `training_config` or `optimizer_config` would drop all others of that
 * section without a word.
 */
import { join } from 'node:path';
import type { RunConfig } from '../runs/model.ts';
import type { BaseModel } from './models.ts';

/** Where an attempt keeps its things; all below the data folder, none named by a client. */
export type AttemptPaths = {
  /** Shared by the attempts of a run: data, tiny model. */
  runDir: string;
  /** Written by this attempt alone. */
  attemptDir: string;
  /** Checkpoints of this attempt on their way into the store. */
  snapshotsDir: string;
};

/** Where the runs of a machine have their folders. */
export const runsFolder = (dataDir: string): string => join(dataDir, 'runs');

export const attemptPaths = (dataDir: string, runId: string, attempt: number): AttemptPaths => {
  const runDir = join(runsFolder(dataDir), runId);
  return {
    runDir,
    attemptDir: join(runDir, `attempt-${attempt}`),
    snapshotsDir: join(runDir, `snapshots-${attempt}`),
  };
};

/** Checkpoints of an attempt that are kept; the one in the making comes on top. */
export const CHECKPOINTS_KEPT = 2;

/** How many prompts are answered at once, at most. */
const ANSWERED = 32;

/** Modules of Qwen and Llama models that take LoRA adapters. */
export const LORA_MODULES = '.*q_proj|.*k_proj|.*v_proj|.*o_proj|.*gate_proj|.*up_proj|.*down_proj';

/** In an order of its own: the one in which somebody wrote the keys is lost in the database. */
const inOrder = <T extends object>(section: T | undefined): Partial<T> =>
  Object.fromEntries(
    Object.entries(section ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ) as Partial<T>;

/**
 * The config of one attempt, as `python -m tunix_rt.sft` reads it.
 * @param evaluatedSteps where earlier attempts have been judged already.
 */
export function tunixConfig(
  run: RunConfig,
  model: BaseModel,
  paths: AttemptPaths,
  evaluatedSteps: readonly number[] = [],
) {
  const { runDir, attemptDir } = paths;
  const h = run.hyperparameters;
  const { optimizer_config, training_config, model_config, ...top } = run.advanced ?? {};
  const { fsdp, tp } = h.mesh ?? { fsdp: 1, tp: 1 };
  // The mesh divides a batch evenly; what is missing in the last one is filled up.
  const answered = (most: number) => Math.max(fsdp, most - (most % fsdp));
  const modelPath = model.dir ?? join(runDir, 'model');
  const data = (split: string) => join(runDir, 'data', `${split}.jsonl`);
  return {
    ...top,
    model_config: {
      ...inOrder(model_config),
      // Gates the source only; config.json in the folder decides the architecture.
      model_name: 'qwen3-tiny',
      model_id: 'qwen3-tiny',
      model_source: 'internal',
      model_path: modelPath,
      rng_seed: h.seed,
      lora_config: h.lora
        ? { module_path: h.lora.modulePath, rank: h.lora.rank, alpha: h.lora.alpha }
        : {},
      mesh: { shape: `(${fsdp},${tp})`, axis_names: "('fsdp','tp')" },
    },
    tokenizer_config: {
      tokenizer_type: 'huggingface',
      tokenizer_path: modelPath,
      add_bos: false,
      add_eos: false,
    },
    // A learning rate or a schedule: with both, Tunix builds the schedule and ignores it.
    optimizer_config: {
      opt_type: 'adamw',
      ...(h.learningRate !== null && { learning_rate: h.learningRate }),
      weight_decay: h.weightDecay,
      ...inOrder(optimizer_config),
    },
    training_config: {
      max_steps: h.totalSteps,
      eval_every_n_steps: h.evalEverySteps,
      gradient_accumulation_steps: null,
      ...inOrder(training_config),
      checkpoint_root_directory: join(attemptDir, 'checkpoints'),
      checkpointing_options: {
        save_interval_steps: h.saveEverySteps,
        max_to_keep: CHECKPOINTS_KEPT,
      },
      metrics_logging_options: null,
    },
    tunix_rt: {
      attempt_dir: attemptDir,
      data: { train: data('train'), eval: data('eval'), test: data('test') },
      batch_size: h.batchSize,
      max_seq_length: h.maxSeqLength,
      num_epochs: h.numEpochs,
      max_steps: h.totalSteps,
      seed: h.seed,
      predict: {
        splits: ['eval', 'test'],
        max_new_tokens: h.maxNewTokens,
        batch_size: answered(Math.min(h.batchSize, ANSWERED)),
      },
      checkpoint_predictions:
        run.evaluateEverySteps && run.evaluateItems
          ? {
              every_steps: run.evaluateEverySteps,
              items: run.evaluateItems,
              max_new_tokens: h.maxNewTokens,
              batch_size: answered(Math.min(h.batchSize, run.evaluateItems, ANSWERED)),
              skip_steps: evaluatedSteps,
            }
          : null,
      export: true,
      tiny: model.source === 'BUILT_IN' ? { seed: h.seed } : null,
      exit_with_parent: true,
    },
  };
}
