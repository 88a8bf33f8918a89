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
};

export const attemptPaths = (dataDir: string, runId: string, attempt: number): AttemptPaths => {
  const runDir = join(dataDir, 'runs', runId);
  return { runDir, attemptDir: join(runDir, `attempt-${attempt}`) };
};

/** Modules of Qwen and Llama models that take LoRA adapters. */
export const LORA_MODULES = '.*q_proj|.*k_proj|.*v_proj|.*o_proj|.*gate_proj|.*up_proj|.*down_proj';

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
  const modelPath = model.dir ?? join(runDir, 'model');
  const data = (split: string) => join(runDir, 'data', `${split}.jsonl`);
  return {
    model_config: {
      // Gates the source only; config.json in the folder decides the architecture.
      model_name: 'qwen3-tiny',
      model_id: 'qwen3-tiny',
      model_source: 'internal',
      model_path: modelPath,
      rng_seed: h.seed,
      lora_config: h.lora
        ? { module_path: h.lora.modulePath, rank: h.lora.rank, alpha: h.lora.alpha }
        : {},
      mesh: { shape: '(1,1)', axis_names: "('fsdp','tp')" },
    },
    tokenizer_config: {
      tokenizer_type: 'huggingface',
      tokenizer_path: modelPath,
      add_bos: false,
      add_eos: false,
    },
    // A learning rate and no schedule: with both, Tunix builds the schedule and ignores it.
    optimizer_config: {
      opt_type: 'adamw',
      learning_rate: h.learningRate,
      weight_decay: h.weightDecay,
    },
    training_config: {
      max_steps: h.totalSteps,
      eval_every_n_steps: h.evalEverySteps,
      gradient_accumulation_steps: null,
      checkpoint_root_directory: join(attemptDir, 'checkpoints'),
      checkpointing_options: { save_interval_steps: h.saveEverySteps, max_to_keep: 2 },
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
        batch_size: Math.min(h.batchSize, 32),
      },
      checkpoint_predictions:
        run.evaluateEverySteps && run.evaluateItems
          ? {
              every_steps: run.evaluateEverySteps,
              items: run.evaluateItems,
              max_new_tokens: h.maxNewTokens,
              batch_size: Math.min(h.batchSize, run.evaluateItems, 32),
              skip_steps: evaluatedSteps,
            }
          : null,
      export: true,
      tiny: model.source === 'BUILT_IN' ? { seed: h.seed } : null,
      exit_with_parent: true,
    },
  };
}
