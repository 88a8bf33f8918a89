/**
 * What a training takes, before it starts: exact counts of weights and adapters, exact sizes of
 * checkpoints but for their frames, and a rough figure for memory. All of it follows from the shape
 * of the model and the config; null is what is not known.
 */
import type { Architecture, Module } from '../../tunix/architecture.ts';
import { countParameters } from '../../tunix/architecture.ts';
import { CHECKPOINTS_KEPT } from '../../tunix/config.ts';
import type { OptimizerName } from '../advanced.ts';
import type { RunConfig } from '../model.ts';
import { adapterParameters } from './lora.ts';

export type RunEstimate = {
  /** Numbers in all weights, without adapters. */
  parameters: number | null;
  /** Numbers that training changes. */
  trainableParameters: number | null;
  /** Of all devices together. */
  memoryBytes: number | null;
  /** One checkpoint: what is trained and the state of its optimizer. */
  checkpointBytes: number | null;
  /** Checkpoints, export and data of one attempt. */
  diskBytes: number | null;
  /** Modules with an adapter; null without LoRA. */
  loraModules: number | null;
};

type Settings = Pick<RunConfig, 'advanced' | 'hyperparameters'>;

type Given = {
  architecture: Architecture | null;
  config: Settings;
  /** What LoRA adapts; null when that is not known. */
  modules: readonly Module[] | null;
  /** Of the data files. */
  dataBytes: number;
};

/** Interpreter, JAX, Tunix and what they compiled: 0.8 to 1.0 GB for the built-in model. */
const RUNTIME_BYTES = 1e9;

/** Running means that an optimizer keeps of each trained number. */
function momentsOf(config: Settings): number {
  const { opt_type: name = 'adamw', momentum } = config.advanced?.optimizer_config ?? {};
  const moments: Record<OptimizerName, number> = {
    adamw: 2,
    adam: 2,
    lion: 1,
    sgd: momentum === undefined ? 0 : 1,
  };
  return moments[name];
}

const bytesOf = (dtype: string | undefined, otherwise: number): number =>
  dtype ? (dtype === 'float32' ? 4 : 2) : otherwise;

/** Estimates a run. */
export function estimateRun({ architecture: a, config, modules, dataBytes }: Given): RunEstimate {
  const { lora } = config.hyperparameters;
  const loraModules = lora && modules ? modules.length : null;
  const unknown = { memoryBytes: null, checkpointBytes: null, diskBytes: null, loraModules };
  if (!a) return { parameters: null, trainableParameters: null, ...unknown };
  const parameters = countParameters(a);
  const adapters = lora ? modules && adapterParameters(modules, lora.rank) : 0;
  if (adapters === null) return { parameters, trainableParameters: null, ...unknown };
  const trainable = lora ? adapters : parameters;
  const { load_dtype: loadType } = config.advanced?.model_config ?? {};
  const weight = bytesOf(loadType, a.weightBytes);
  const moments = momentsOf(config);
  const accumulates =
    (config.advanced?.training_config?.gradient_accumulation_steps ?? 1) > 1 ? 1 : 0;
  // Gradients and moments have the type of the weights they belong to; so have adapters.
  const state = weight * (parameters + adapters + trainable * (1 + accumulates + moments));
  const checkpointBytes = weight * trainable * (1 + moments);
  return {
    parameters,
    trainableParameters: trainable,
    memoryBytes: Math.round(state + activationBytes(a, config) + RUNTIME_BYTES),
    checkpointBytes,
    // The export has the type of the model it came from.
    diskBytes: checkpointBytes * (CHECKPOINTS_KEPT + 1) + parameters * a.weightBytes + dataBytes,
    loraModules,
  };
}

/**
 * What the backward pass finds stored, in bytes. Counted with `jax.ad_checkpoint.saved_residuals` in
 * Tunix 0.1.7's Qwen3: for each token and layer, in a computation of `c` bytes a number, `20 + 4c`
 * for the width, `12 + 2c` for queries and keys, `5 + 2c` for each head and position it attends to,
 * `6c` for the MLP. `remat_config` 2 keeps eight states of a token and 3 one, and one layer is
 * computed again at a time; XLA on a CPU keeps everything all the same. The logits stand there as
 * computed, as float32 and as gradient. XLA shares some of it: within a fifth of what it reports.
 */
export function activationBytes(a: Architecture, { advanced, hyperparameters: h }: Settings) {
  const {
    remat_config: remat = 1,
    dtype,
    use_flash_attention: flash,
  } = advanced?.model_config ?? {};
  const c = bytesOf(dtype, 4);
  const scores = flash ? 0 : (5 + 2 * c) * a.heads * h.maxSeqLength;
  const projections = (12 + 2 * c) * (a.heads + a.kvHeads) * a.headDim;
  const layer = (20 + 4 * c) * a.width + projections + scores + 6 * c * a.hidden;
  const kept: Record<number, number> = {
    1: a.layers * layer,
    2: a.layers * 32 * a.width + layer,
    3: a.layers * c * a.width + layer,
  };
  const layers = kept[remat] ?? a.layers * layer;
  return h.batchSize * h.maxSeqLength * (layers + a.vocabulary * (c + 8));
}
