import { describe, expect, test } from 'vitest';
import {
  adaptableModules,
  architectureOf,
  countParameters,
  whyUnfaithful,
} from './architecture.ts';
import { hubModels } from './hub.ts';

/** The config.json that `tunix_rt/tiny.py` writes in the Python tests. */
const tiny = {
  model_type: 'qwen3',
  vocab_size: 384,
  num_hidden_layers: 2,
  hidden_size: 64,
  intermediate_size: 192,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  rope_theta: 1_000_000,
  tie_word_embeddings: true,
  torch_dtype: 'float32',
};

const shapeOf = (changes: object = {}) => {
  const shape = architectureOf({ ...tiny, ...changes });
  if (!shape) throw new Error('no architecture');
  return shape;
};

describe('countParameters', () => {
  // Counted by Tunix itself: `loading.count_parameters` of these models.
  test.for([
    [{}, 123_264],
    [{ model_type: 'qwen2', tie_word_embeddings: false }, 148_032],
    [{ model_type: 'llama', tie_word_embeddings: false }, 147_776],
  ] as const)('counts what Tunix counts in %j', ([changes, expected]) => {
    expect(countParameters(shapeOf(changes))).toBe(expected);
  });

  // As published with each model.
  test.for([
    ['Qwen/Qwen3-0.6B', 596_049_920],
    ['Qwen/Qwen3-1.7B-Base', 1_720_574_976],
    ['Qwen/Qwen3-4B', 4_022_468_096],
    ['Qwen/Qwen3-8B', 8_190_735_360],
    ['Qwen/Qwen3-14B', 14_768_307_200],
    ['Qwen/Qwen2.5-0.5B', 494_032_768],
    ['Qwen/Qwen2.5-1.5B-Instruct', 1_543_714_304],
    ['Qwen/Qwen2.5-3B', 3_085_938_688],
    ['Qwen/Qwen2.5-7B', 7_615_616_512],
  ] as const)('gives the published size of %s', ([id, expected]) => {
    const model = hubModels({ cacheDir: '/cache' }).find((each) => each.id === id);
    expect(model?.architecture && countParameters(model.architecture)).toBe(expected);
  });
});

describe('adaptableModules', () => {
  test('are seven for each layer, and the head where it is apart', () => {
    expect(adaptableModules(shapeOf()).map(({ path }) => path)).toEqual(
      [0, 1].flatMap((layer) => [
        `layers/${layer}/attn/q_proj`,
        `layers/${layer}/attn/k_proj`,
        `layers/${layer}/attn/v_proj`,
        `layers/${layer}/attn/o_proj`,
        `layers/${layer}/mlp/gate_proj`,
        `layers/${layer}/mlp/up_proj`,
        `layers/${layer}/mlp/down_proj`,
      ]),
    );
    const untied = adaptableModules(shapeOf({ tie_word_embeddings: false }));
    expect(untied.at(-1)).toEqual({ path: 'lm_head', inputs: 64, outputs: 384 });
  });
});

describe('architectureOf', () => {
  test('fills in what config.json may leave out, as the loader does', () => {
    const shape = shapeOf({ head_dim: null, num_key_value_heads: null, torch_dtype: 'bfloat16' });
    expect(shape).toMatchObject({ headDim: 16, kvHeads: 4, weightBytes: 2 });
  });

  test('knows nothing of a file that leaves more out, or of another family', () => {
    expect(architectureOf({ ...tiny, vocab_size: undefined })).toBeNull();
    expect(architectureOf({ ...tiny, model_type: 'gpt2' })).toBeNull();
  });
});

describe('whyUnfaithful', () => {
  test('has nothing against what Tunix computes', () => {
    expect(whyUnfaithful(tiny)).toBeNull();
    expect(whyUnfaithful({ ...tiny, model_type: 'qwen2', rope_theta: 10_000 })).toBeNull();
    expect(whyUnfaithful({ ...tiny, rope_scaling: { rope_type: 'default' } })).toBeNull();
  });

  test.for([
    [{ rope_theta: 5_000_000 }, 'rope_theta 1000000, and this model needs 5000000'],
    [{ model_type: 'llama', rope_theta: 500_000 }, 'every llama'],
    [{ rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'scaled rotary embeddings (yarn)'],
    [{ rope_parameters: { type: 'linear' } }, 'scaled rotary embeddings (linear)'],
    [{ use_sliding_window: true }, 'sliding window'],
    [{ model_type: 7 }, 'cannot be read'],
  ] as const)('refuses %j as %s', ([changes, reason]) => {
    expect(whyUnfaithful({ ...tiny, ...changes })).toContain(reason);
  });
});
