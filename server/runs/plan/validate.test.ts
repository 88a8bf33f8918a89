import { randomUUIDv7 } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { ValidationError } from '../../errors.ts';
import { makeDataset } from '../../test/make.ts';
import { describe, expect, test } from '../../test/test.ts';
import { configHashOf, createRun } from '../create.ts';
import type { CreateRunInput } from '../model.ts';
import { resolveRun } from './validate.ts';

const inputFor = async (app: App, changes: Partial<CreateRunInput> = {}) => {
  const dataset = await makeDataset(app, { train: 8, eval: 2, test: 2 });
  return { datasetKey: dataset.key, modelId: 'Qwen/Qwen3-0.6B', ...changes };
};

const issuesOf = async (app: App, input: CreateRunInput) => {
  const error = await resolveRun(app, input).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ValidationError);
  return (error as ValidationError).issues;
};

const codesOf = async (app: App, input: CreateRunInput) =>
  (await resolveRun(app, input)).warnings.map(({ code }) => code);

/** A runner that is online; removed when disposed. */
async function online(
  app: App,
  data: { devices?: object[]; resources?: object; labels?: string[] },
) {
  const id = randomUUIDv7();
  const { devices = [], resources = {}, labels = [] } = data;
  const runtime = { ready: true, message: '', python: null, tunix: null, devices };
  await app.db.runner.create({
    data: { id, name: id, host: 'h', pid: 1, labels, runtime, resources },
  });
  return {
    async [Symbol.asyncDispose]() {
      await app.db.runner.delete({ where: { id } });
    },
  };
}

const gpus = (count: number, memoryBytes: number | null = null) =>
  Array.from({ length: count }, (_, id) => ({ kind: 'H200', platform: 'gpu', id, memoryBytes }));

describe('resolveRun', () => {
  test('counts what LoRA adapts and estimates the run', async ({ app }) => {
    const lora = { rank: 8, alpha: 16, modulePath: '.*attn/.*' };
    const input = await inputFor(app, { hyperparameters: { lora } });
    const { estimate, warnings } = await resolveRun(app, input);
    expect(warnings).toEqual([]);
    expect(estimate).toMatchObject({
      parameters: 596_049_920,
      trainableParameters: 28 * 8 * (2 * (1024 + 2048) + 2 * (1024 + 1024)),
      loraModules: 112,
      memoryBytes: expect.any(Number),
      diskBytes: expect.any(Number),
    });
  });

  test('names everything that is wrong at once', async ({ app }) => {
    await using _ = await online(app, { devices: gpus(1) });
    const input = await inputFor(app, {
      hyperparameters: {
        batchSize: 3,
        mesh: { fsdp: 2, tp: 1 },
        lora: { rank: 8, alpha: 16, modulePath: '.*q_einsum' },
      },
      advanced: { optimizer_config: { schedule_type: 'constant_schedule' } },
    });
    const issues = await issuesOf(app, input);
    expect(issues.map(({ path, code }) => [path.join('.'), code])).toEqual([
      ['hyperparameters.lora.modulePath', 'NO_MODULE_MATCHES'],
      ['hyperparameters.batchSize', 'NOT_DIVISIBLE'],
      ['hyperparameters.mesh', 'MESH_TOO_LARGE'],
      ['advanced.optimizer_config.value', 'REQUIRED'],
    ]);
  });

  test('asks only runners with the required labels for devices and room', async ({ app }) => {
    await using _ = await online(app, { devices: gpus(4, 900e9) });
    const resources = { diskFreeBytes: 1e6 };
    await using __ = await online(app, { devices: gpus(1, 1e9), resources, labels: ['small'] });
    const input = await inputFor(app);
    expect(await codesOf(app, input)).toEqual([]);
    const bound = { ...input, requiredLabels: ['small'] };
    expect(await codesOf(app, bound)).toEqual(['MEMORY_TIGHT', 'DISK_TIGHT']);
    const mesh = { ...bound, hyperparameters: { mesh: { fsdp: 4, tp: 1 } } };
    expect(await issuesOf(app, mesh)).toMatchObject([{ code: 'MESH_TOO_LARGE', limit: '1' }]);
    const anywhere = { ...input, hyperparameters: { mesh: { fsdp: 4, tp: 1 } } };
    expect(await codesOf(app, anywhere)).toEqual(['MESH_NOT_EVERYWHERE']);
  });

  test.for<[string, Partial<CreateRunInput>]>([
    ['DEVICES_UNKNOWN', { hyperparameters: { mesh: { fsdp: 2, tp: 1 } } }],
    ['DEAD_KEY', { advanced: { optimizer_config: { max_grad_norm: 1 } } }],
    [
      'SCHEDULE_IGNORED',
      {
        hyperparameters: { learningRate: 1e-4 },
        advanced: { optimizer_config: { schedule_type: 'constant_schedule', value: 1e-3 } },
      },
    ],
    [
      'LORA_PATTERN_UNCHECKED',
      { hyperparameters: { lora: { rank: 4, alpha: 8, modulePath: '(?!x).*q_proj' } } },
    ],
    ['FLASH_ATTENTION_NEEDS_TPU', { advanced: { model_config: { use_flash_attention: true } } }],
  ])('wants %s acknowledged', async ([code, changes], { app }) => {
    const input = await inputFor(app, changes);
    expect(await codesOf(app, input)).toEqual([code]);
    await expect(createRun(app, input)).rejects.toMatchObject({
      issues: [{ path: ['acknowledgedWarnings'], code }],
    });
    const acknowledged = { ...input, acknowledgedWarnings: [code] };
    await expect(createRun(app, acknowledged)).resolves.toMatchObject({ created: true });
  });

  test('refuses a model folder that Tunix would compute wrongly', async ({ app }) => {
    const modelsDir = join(app.config.dataDir, 'wrong-models');
    await mkdir(join(modelsDir, 'turned'), { recursive: true });
    const shape = { model_type: 'qwen3', num_hidden_layers: 2, hidden_size: 64, rope_theta: 5e6 };
    await writeFile(join(modelsDir, 'turned', 'config.json'), JSON.stringify(shape));
    const there = { ...app, config: { ...app.config, modelsDir } };
    expect(await issuesOf(there, await inputFor(app, { modelId: 'turned' }))).toMatchObject([
      {
        path: ['modelId'],
        code: 'UNSUPPORTED_MODEL',
        message: expect.stringContaining('rope_theta 1000000, and this model needs 5000000'),
      },
    ]);
  });

  test('has another digest for other advanced keys, and the same for the same', async ({ app }) => {
    const input = await inputFor(app);
    const hashOf = async (advanced?: CreateRunInput['advanced']) =>
      configHashOf(await resolveRun(app, { ...input, advanced }));
    const plain = await hashOf();
    expect(await hashOf({})).toBe(plain);
    const set = { optimizer_config: { b1: 0.8, b2: 0.9 } };
    expect(await hashOf(set)).not.toBe(plain);
    expect(await hashOf({ optimizer_config: { b2: 0.9, b1: 0.8 } })).toBe(await hashOf(set));
  });
});
