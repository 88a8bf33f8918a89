/**
 * The shape of a model as its config.json says it, and what follows from it: its weights, its
 * modules, and whether Tunix computes it at all. The Python side decides by the same file
 * (`tunix_rt/loading.py`).
 */
import { z } from 'zod';

/** `model_type` of config.json that `tunix_rt/loading.py` can load. */
export const FAMILIES = ['qwen3', 'qwen2', 'llama'] as const;

type Family = (typeof FAMILIES)[number];

export type Architecture = {
  family: Family;
  layers: number;
  /** Numbers in the state of one token (`hidden_size`). */
  width: number;
  /** Numbers inside the MLP (`intermediate_size`). */
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  vocabulary: number;
  /** Whether the embedding is also the head. */
  tied: boolean;
  /** Bytes of one weight as it is stored, which is how Tunix holds it. */
  weightBytes: 2 | 4;
};

const count = z.int().min(1);

const HuggingFaceConfig = z
  .object({
    model_type: z.enum(FAMILIES),
    num_hidden_layers: count,
    hidden_size: count,
    intermediate_size: count,
    num_attention_heads: count,
    num_key_value_heads: count.nullish(),
    head_dim: count.nullish(),
    vocab_size: count,
    tie_word_embeddings: z.boolean().nullish(),
    torch_dtype: z.string().nullish(),
    dtype: z.string().nullish(),
  })
  .transform((c): Architecture => {
    const heads = c.num_attention_heads;
    return {
      family: c.model_type,
      layers: c.num_hidden_layers,
      width: c.hidden_size,
      hidden: c.intermediate_size,
      heads,
      kvHeads: c.num_key_value_heads ?? heads,
      headDim: c.head_dim ?? Math.floor(c.hidden_size / heads),
      vocabulary: c.vocab_size,
      tied: c.tie_word_embeddings ?? false,
      weightBytes: (c.torch_dtype ?? c.dtype) === 'float32' ? 4 : 2,
    };
  });

/** What a config.json describes; null when it leaves something out. */
export function architectureOf(config: unknown): Architecture | null {
  const parsed = HuggingFaceConfig.safeParse(config);
  return parsed.success ? parsed.data : null;
}

const Rope = z.object({
  rope_theta: z.number().nullish(),
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
});

const Features = z.object({
  model_type: z.enum(FAMILIES),
  rope_theta: z.number().nullish(),
  rope_parameters: Rope.nullish(),
  rope_scaling: Rope.nullish(),
  use_sliding_window: z.boolean().nullish(),
});

/** The rotary base Tunix 0.1.7 computes with, whatever config.json says. */
const FIXED_THETA: Partial<Record<Family, number>> = { qwen3: 1_000_000, llama: 1_000_000 };

/** Why Tunix would not compute the model of this config.json faithfully; null when it does. */
export function whyUnfaithful(config: unknown): string | null {
  const parsed = Features.safeParse(config);
  if (!parsed.success) return 'its config.json cannot be read';
  const { model_type: family, ...c } = parsed.data;
  const scaling = c.rope_scaling ?? c.rope_parameters;
  const scaled = scaling?.rope_type ?? scaling?.type ?? 'default';
  if (scaled !== 'default') return `Tunix does not implement scaled rotary embeddings (${scaled})`;
  if (c.use_sliding_window) return 'Tunix does not implement its sliding window';
  const theta = c.rope_theta ?? c.rope_parameters?.rope_theta ?? 10_000;
  const fixed = FIXED_THETA[family] ?? theta;
  return theta === fixed
    ? null
    : `Tunix computes every ${family} with rope_theta ${fixed}, and this model needs ${theta}`;
}

/** A module that can take an adapter, as a matrix of `inputs` by `outputs` numbers. */
export type Module = { path: string; inputs: number; outputs: number };

/**
 * The modules that LoRA can adapt, by the names Tunix gives them. The same for all families: Tunix
 * names their parts alike, and the embedding takes no adapter.
 */
export function adaptableModules(a: Architecture): Module[] {
  const [queries, keys] = [a.heads * a.headDim, a.kvHeads * a.headDim];
  const layer: Module[] = [
    { path: 'attn/q_proj', inputs: a.width, outputs: queries },
    { path: 'attn/k_proj', inputs: a.width, outputs: keys },
    { path: 'attn/v_proj', inputs: a.width, outputs: keys },
    { path: 'attn/o_proj', inputs: queries, outputs: a.width },
    { path: 'mlp/gate_proj', inputs: a.width, outputs: a.hidden },
    { path: 'mlp/up_proj', inputs: a.width, outputs: a.hidden },
    { path: 'mlp/down_proj', inputs: a.hidden, outputs: a.width },
  ];
  const layers = Array.from({ length: a.layers }, (_, index) =>
    layer.map((module) => ({ ...module, path: `layers/${index}/${module.path}` })),
  );
  const head = { path: 'lm_head', inputs: a.width, outputs: a.vocabulary };
  return a.tied ? layers.flat() : [...layers.flat(), head];
}

/**
 * Numbers in all weights: the matrices above, the embedding, two norms for each layer and one at
 * the end; Qwen3 has norms on queries and keys, Qwen2 biases on queries, keys and values.
 */
export function countParameters(a: Architecture): number {
  const matrices = adaptableModules(a).reduce((sum, m) => sum + m.inputs * m.outputs, 0);
  const extra: Record<Family, number> = {
    qwen3: 2 * a.headDim,
    qwen2: (a.heads + 2 * a.kvHeads) * a.headDim,
    llama: 0,
  };
  const norms = a.layers * (2 * a.width + extra[a.family]) + a.width;
  return a.vocabulary * a.width + matrices + norms;
}
