import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import { parse as parseYaml } from 'yaml';
import type { App } from '../server/app.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = async (app: App, source: string, variableValues: Record<string, unknown> = {}) => {
  const contextValue = contextOf(app);
  const { data, errors } = await graphql({ schema, source, contextValue, variableValues });
  expect(errors).toBeUndefined();
  // The rows have no prototype.
  return JSON.parse(JSON.stringify(data));
};

const VALIDATE = `query Validate($input: CreateRunInput!) {
  validateRun(input: $input) {
    __typename
    ... on RunPreview {
      config configHash tunixConfig manifest command totalSteps queuePosition
      timeoutSeconds priority maxAttempts
      estimate {
        parameters trainableParameters memoryBytes checkpointBytes diskBytes loraModules
      }
      placement { labels startsNow runners { id } reasons { code message } }
      lengths { items longest tooLong source }
      warnings { code acknowledged }
    }
    ... on ValidationError { issues { path code message limit found } }
  }
}`;

const CREATE = `mutation Create($input: CreateRunInput!) {
  createRun(input: $input) {
    __typename
    ... on CreateRunPayload { run { id config configHash manifest } }
    ... on ValidationError { issues { path code } }
  }
}`;

const inputFor = async (app: App, changes: object = {}) => {
  const { key } = await makeDataset(app, { train: 8, eval: 2, test: 2 });
  return { datasetKey: key, modelId: 'Qwen/Qwen3-0.6B', ...changes };
};

const validate = async (app: App, input: object) =>
  (await ask(app, VALIDATE, { input })).validateRun;

describe('validateRun', () => {
  test('says what a run takes, where it would run and how long its items are', async ({ app }) => {
    const lora = { rank: 8, alpha: 16, modulePath: '.*attn/.*' };
    const preview = await validate(app, await inputFor(app, { hyperparameters: { lora } }));
    expect(preview).toMatchObject({
      estimate: {
        parameters: '596049920',
        trainableParameters: '2293760',
        memoryBytes: expect.stringMatching(/^\d+$/),
        checkpointBytes: String(2_293_760 * 2 * 3),
        diskBytes: expect.stringMatching(/^\d+$/),
        loraModules: 112,
      },
      placement: { labels: [], startsNow: false, runners: [], reasons: [{ code: 'NO_RUNNER' }] },
      lengths: { items: 10, tooLong: 0, source: 'ESTIMATE' },
      ...{ timeoutSeconds: 86_400, priority: 0, maxAttempts: 3 },
      warnings: [],
    });
  });

  test('names the runners that offer the labels', async ({ app }) => {
    const runner = async (labels: string[]) => {
      const id = randomUUIDv7();
      const data = { id, name: id, host: 'h', pid: 1, labels, runtime: { ready: true } };
      await app.db.runner.create({ data });
      return id;
    };
    const [plain, gpu] = [await runner([]), await runner(['gpu'])];
    const input = await inputFor(app, { requiredLabels: ['gpu'] });
    expect((await validate(app, input)).placement).toMatchObject({
      labels: ['gpu'],
      startsNow: true,
      runners: [{ id: globalId('Runner', gpu) }],
      reasons: [{ code: 'STARTING' }],
    });
    const missing = await inputFor(app, { requiredLabels: ['tpu'] });
    expect((await validate(app, missing)).placement).toMatchObject({
      runners: [],
      startsNow: false,
      reasons: [{ code: 'MISSING_LABEL' }],
    });
    await app.db.runner.deleteMany({ where: { id: { in: [plain, gpu] } } });
  });

  test('previews what createRun stores and the runner writes', async ({ app }) => {
    const input = await inputFor(app, {
      hyperparameters: { mesh: { fsdp: 2, tp: 1 }, batchSize: 4 },
      advanced: {
        optimizer_config: { schedule_type: 'constant_schedule', value: 0.001 },
        model_config: { remat_config: 3 },
      },
      acknowledgedWarnings: ['DEVICES_UNKNOWN'],
    });
    const preview = await validate(app, input);
    expect(preview.warnings).toEqual([{ code: 'DEVICES_UNKNOWN', acknowledged: true }]);
    expect(preview.tunixConfig).toMatchObject({
      model_config: { remat_config: 3, mesh: { shape: '(2,1)' } },
      optimizer_config: { schedule_type: 'constant_schedule', value: 0.001 },
    });
    expect(preview.tunixConfig.optimizer_config).not.toHaveProperty('learning_rate');
    expect(parseYaml(preview.manifest)).toEqual(preview.tunixConfig);
    const { run } = (await ask(app, CREATE, { input })).createRun;
    expect(run.config).toEqual(preview.config);
    expect(run.configHash).toBe(preview.configHash);
    const [, id = ''] = Buffer.from(run.id, 'base64').toString().split(':');
    expect(run.manifest).toBe(preview.manifest.replaceAll('/RUN/', `/${id}/`));
  });

  test('names field, limit and remedy of what it refuses', async ({ app }) => {
    const input = await inputFor(app, {
      advanced: { training_config: { gradient_accumulation_steps: 5000 } },
    });
    expect(await validate(app, input)).toEqual({
      __typename: 'ValidationError',
      issues: [
        {
          path: ['advanced', 'training_config', 'gradient_accumulation_steps'],
          code: 'TOO_LARGE',
          message:
            'advanced.training_config.gradient_accumulation_steps: is 5000, at most 1024 is allowed.',
          limit: '1024',
          found: '5000',
        },
      ],
    });
  });

  test('refuses a key that would change every object, also as a literal', async ({ app }) => {
    const { datasetKey } = await inputFor(app);
    const source = `{ validateRun(input: { datasetKey: "${datasetKey}", modelId: "qwen3-tiny",
      advanced: { model_config: { __proto__: { dtype: "bfloat16" } } } }) {
        ... on ValidationError { issues { path code } } } }`;
    expect((await ask(app, source)).validateRun).toEqual({
      issues: [{ path: ['advanced', 'model_config', '__proto__'], code: 'UNKNOWN_FIELD' }],
    });
  });
});

describe('Run.manifest', () => {
  test('is a comment for a run that was trained elsewhere', async ({ app }) => {
    const { id: datasetId } = await makeDataset(app);
    const { number } = await makeRun(app, datasetId, { mode: 'EXTERNAL' });
    const { run } = await ask(app, `{ run(number: ${number}) { manifest } }`);
    expect(run.manifest).toContain('Trained elsewhere');
  });
});
