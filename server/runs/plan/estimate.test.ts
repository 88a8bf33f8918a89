import { describe, expect, test } from 'vitest';
import { type Architecture, adaptableModules } from '../../tunix/architecture.ts';
import { hubModels } from '../../tunix/hub.ts';
import type { Advanced } from '../advanced.ts';
import { activationBytes, estimateRun } from './estimate.ts';

const small: Architecture = {
  family: 'qwen3',
  layers: 4,
  width: 256,
  hidden: 768,
  heads: 8,
  kvHeads: 4,
  headDim: 32,
  vocabulary: 2048,
  tied: true,
  weightBytes: 4,
};

const settings = (
  { lora = null as { rank: number } | null, batchSize = 4, maxSeqLength = 256 } = {},
  advanced: Advanced = {},
) => ({ advanced, hyperparameters: { lora, batchSize, maxSeqLength } as never });

const estimate = (
  config: ReturnType<typeof settings>,
  architecture: Architecture | null = small,
  modules: ReturnType<typeof adaptableModules> | null = null,
) => estimateRun({ architecture, config, modules, dataBytes: 1_000 });

describe('estimateRun', () => {
  test('counts what a full training changes and keeps', () => {
    const parameters = 3_672_576; // as Tunix counts this shape
    const found = estimate(settings());
    expect(found).toMatchObject({
      parameters,
      trainableParameters: parameters,
      checkpointBytes: 4 * 3 * parameters,
      diskBytes: 3 * 12 * parameters + 4 * parameters + 1_000,
      loraModules: null,
    });
    const activations = activationBytes(small, settings());
    expect(found.memoryBytes).toBe(4 * 4 * parameters + activations + 1e9);
  });

  test('counts adapters, which alone have gradients and checkpoints', () => {
    const modules = adaptableModules(small);
    const found = estimate(settings({ lora: { rank: 4 } }), small, modules);
    const layer = 2 * (256 + 256) + 2 * (256 + 128) + 3 * (256 + 768);
    const adapters = 4 * 4 * layer;
    expect(found).toMatchObject({
      parameters: 3_672_576,
      trainableParameters: adapters,
      checkpointBytes: 12 * adapters,
      loraModules: 28,
    });
    const state = 4 * (3_672_576 + 4 * adapters);
    expect(found.memoryBytes).toBe(state + activationBytes(small, settings()) + 1e9);
  });

  test.for<[NonNullable<Advanced['optimizer_config']>, number]>([
    [{}, 3],
    [{ opt_type: 'lion' }, 2],
    [{ opt_type: 'sgd' }, 1],
    [{ opt_type: 'sgd', momentum: 0.9 }, 2],
  ])('knows what the optimizer of %j keeps', ([optimizer_config, copies]) => {
    const found = estimate(settings({}, { optimizer_config }));
    expect(found.checkpointBytes).toBe(4 * copies * 3_672_576);
  });

  test('follows the type of the weights, and gradients that are gathered', () => {
    const half = estimate(settings({}, { model_config: { load_dtype: 'bfloat16' } }));
    expect(half.checkpointBytes).toBe(2 * 3 * 3_672_576);
    const more = estimate(settings({}, { training_config: { gradient_accumulation_steps: 2 } }));
    expect((more.memoryBytes ?? 0) - (estimate(settings()).memoryBytes ?? 0)).toBe(4 * 3_672_576);
  });

  test('says nothing of what it does not know', () => {
    expect(estimate(settings(), null)).toEqual({
      parameters: null,
      trainableParameters: null,
      memoryBytes: null,
      checkpointBytes: null,
      diskBytes: null,
      loraModules: null,
    });
    expect(estimate(settings({ lora: { rank: 4 } }))).toMatchObject({
      parameters: 3_672_576,
      trainableParameters: null,
      memoryBytes: null,
    });
  });

  test('takes a Qwen3-0.6B for what one large device trains', () => {
    const { architecture = null } =
      hubModels({ cacheDir: '/c' }).find(({ id }) => id === 'Qwen/Qwen3-0.6B') ?? {};
    const gigabytes = (maxSeqLength: number, remat_config: number) => {
      const config = settings({ batchSize: 8, maxSeqLength }, { model_config: { remat_config } });
      return (estimate(config, architecture).memoryBytes ?? 0) / 1e9;
    };
    expect(gigabytes(512, 1)).toBeGreaterThan(gigabytes(512, 3));
    expect(gigabytes(512, 3)).toBeLessThan(24);
    expect(gigabytes(4096, 1)).toBeGreaterThan(80);
  });
});

describe('activationBytes', () => {
  // `temp_size_in_bytes` of the compiled gradient of Tunix's Qwen3, JAX 0.10.2 on a CPU.
  test.for<[Partial<Architecture>, number, number, number]>([
    [{}, 4, 256, 251.7e6],
    [{ layers: 12 }, 4, 256, 694.8e6],
    [{ vocabulary: 32_768 }, 4, 256, 628.7e6],
    [{}, 2, 1024, 1115e6],
  ])(
    'is within a fifth of what XLA reports for %j',
    ([changes, batchSize, maxSeqLength, bytes]) => {
      const found = activationBytes(
        { ...small, ...changes },
        settings({ batchSize, maxSeqLength }),
      );
      expect(found / bytes).toBeGreaterThan(0.8);
      expect(found / bytes).toBeLessThan(1.2);
    },
  );

  // Bytes of `saved_residuals` of the same model, in bfloat16, without the logits of the loss.
  test('counts what JAX keeps in a smaller type', () => {
    const shape = { layers: 8, width: 512, hidden: 1536, headDim: 64, vocabulary: 4096 };
    const config = settings({}, { model_config: { dtype: 'bfloat16' } });
    const logits = 4 * 256 * 4096 * 10;
    const found = activationBytes({ ...small, ...shape }, config) - logits;
    expect(found / (552.4e6 - 16.7e6)).toBeCloseTo(1, 1);
  });

  test('falls with remat, with a smaller type and with flash attention', () => {
    const of = (model_config: NonNullable<Advanced['model_config']>) =>
      activationBytes(small, settings({}, { model_config }));
    const sizes = [of({}), of({ remat_config: 2 }), of({ remat_config: 3 })];
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(of({ dtype: 'bfloat16' })).toBeLessThan(of({}));
    expect(of({ use_flash_attention: true })).toBeLessThan(of({}));
  });
});
