import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { describe, expect, test } from '../../test/test.ts';
import { attemptPaths, tunixConfig } from '../../tunix/config.ts';
import { hubModels } from '../../tunix/hub.ts';
import type { RunConfig } from '../model.ts';
import { previewExecution, runManifest, writeManifest } from './preview.ts';

const [model] = hubModels({ cacheDir: '/CACHE_DIR' });
if (!model) throw new Error('there is no hub model');

/** A config with something of everything; texts that YAML could misread among them. */
const config: RunConfig = {
  modelId: model.id,
  mode: 'LOCAL',
  evaluateEverySteps: 10,
  evaluateItems: 7,
  advanced: {
    optimizer_config: {
      opt_type: 'adamw',
      eps: 1e-7,
      schedule_type: 'warmup_cosine_decay_schedule',
      init_value: 0,
      peak_value: 3e-4,
      warmup_steps: 10,
      decay_steps: 100,
    },
    training_config: { gradient_accumulation_steps: 2 },
    model_config: { remat_config: 3, dtype: 'bfloat16', use_flash_attention: false },
    num_test_batches: 0,
  },
  hyperparameters: {
    learningRate: null,
    weightDecay: 1e-8,
    numEpochs: 3,
    batchSize: 6,
    maxSeqLength: 1024,
    seed: 42,
    lora: { rank: 8, alpha: 16, modulePath: '.*q_proj|.*\\.k: "#\'{proj}' },
    mesh: { fsdp: 2, tp: 1 },
    evalEverySteps: 10,
    saveEverySteps: 10,
    maxNewTokens: 256,
    maxSteps: null,
    totalSteps: 100,
  },
};

const golden = (name: string) =>
  readFileSync(new URL(`../../tunix/python/tests/${name}`, import.meta.url), 'utf8');

const paths = attemptPaths('/DATA_DIR', 'RUN', 1);

describe('writeManifest', () => {
  // The Python tests give both files to Tunix, which must read the same from them.
  test('is the YAML of what the runner writes as JSON', () => {
    const written = tunixConfig(config, model, paths);
    expect(JSON.parse(golden('manifest.json'))).toEqual(written);
    expect(golden('manifest.yaml')).toBe(writeManifest(written));
    expect(parseYaml(golden('manifest.yaml'))).toEqual(written);
  });
});

describe('previewExecution', () => {
  test('shows what the runner will write, without its folders', ({ app }) => {
    const own = { ...model, dir: `${app.config.cacheDir}/hub/Qwen--Qwen3-0.6B` };
    const { tunixConfig: shown, command } = previewExecution(app, { config, model: own });
    expect(shown).toEqual(tunixConfig(config, model, paths));
    expect(command.slice(1)).toEqual([
      '-m',
      'tunix_rt.sft',
      '/DATA_DIR/runs/RUN/attempt-1/config.json',
    ]);
    expect(JSON.stringify(shown)).not.toContain(app.config.dataDir);
  });

  test('keeps the parts that a mesh divides even', ({ app }) => {
    const { tunix_rt: own, model_config } = previewExecution(app, { config, model }).tunixConfig;
    expect(model_config.mesh.shape).toBe('(2,1)');
    expect(own.predict.batch_size).toBe(6);
    const wide = { ...config.hyperparameters, batchSize: 48, mesh: { fsdp: 12, tp: 1 } };
    const of = (hyperparameters: RunConfig['hyperparameters']) =>
      previewExecution(app, { config: { ...config, hyperparameters }, model }).tunixConfig.tunix_rt;
    expect(of(wide).predict.batch_size).toBe(24);
    expect(of(wide).checkpoint_predictions?.batch_size).toBe(12);
  });
});

describe('runManifest', () => {
  test('names the run, and the folder of a model that is gone', async ({ app }) => {
    const text = await runManifest(app, { id: 'abc', config });
    expect(text).toContain('attempt_dir: /DATA_DIR/runs/abc/attempt-1');
    const gone = await runManifest(app, { id: 'abc', config: { ...config, modelId: 'gone' } });
    expect(parseYaml(gone)).toMatchObject({ model_config: { model_path: '/MODELS_DIR/gone' } });
  });

  test('says of a run that was trained elsewhere that there is none', async ({ app }) => {
    expect(await runManifest(app, { id: 'abc', config: {} })).toContain('Trained elsewhere');
  });
});
