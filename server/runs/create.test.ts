import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { NotFoundError, UnavailableError, ValidationError } from '../errors.ts';
import { contentHash } from '../lib/canonical.ts';
import { makeDataset, makeEvaluationSet } from '../test/make.ts';
import { queueRun, withStandIn } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { createRun } from './create.ts';
import type { CreateRunInput } from './model.ts';
import { resolveRun } from './plan/validate.ts';

let app: App;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
});

const jobs = async (runId: string) => {
  const { rows } = await app.sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pgboss.job WHERE name = 'runs.execute' AND data->>'runId' = $1`,
    [runId],
  );
  return rows[0]?.count;
};

const inputFor = async (changes: Partial<CreateRunInput> = {}): Promise<CreateRunInput> => {
  const dataset = await makeDataset(app, { train: 8, eval: 2, test: 2 });
  return { datasetKey: dataset.key, modelId: 'qwen3-tiny', ...changes };
};

const issuesOf = async (input: CreateRunInput) => {
  const error = await createRun(app, input).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ValidationError);
  return (error as ValidationError).issues;
};

describe('createRun', () => {
  test('queues the run with its job, every default filled in', async () => {
    const { id, created } = await createRun(app, await inputFor());
    expect(created).toBe(true);
    const run = await app.db.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ status: 'PENDING', mode: 'DRY_RUN', epoch: 0, maxAttempts: 3 });
    expect(run.config).toMatchObject({
      hyperparameters: {
        learningRate: 2e-5,
        weightDecay: 0.01,
        numEpochs: 3,
        batchSize: 8,
        maxSeqLength: 2048,
        totalSteps: 3,
      },
    });
    expect(await jobs(id)).toBe(1);
  });

  test('leaves neither run nor job behind when its transaction fails', async () => {
    const broken = {
      ...app,
      queue: { ...app.queue, addTicket: () => Promise.reject(new Error('no')) },
    };
    const before = await app.db.run.count();
    await expect(createRun(broken, await inputFor())).rejects.toThrow('no');
    expect(await app.db.run.count()).toBe(before);
  });

  test('refuses an idempotency key that made a run from another request', async () => {
    const input = await inputFor({ idempotencyKey: 'mine' });
    const { id } = await createRun(app, input);
    const repeated = { ...input, acknowledgedWarnings: ['ANYTHING'] };
    expect(await createRun(app, repeated)).toEqual({ id, created: false });
    const other = createRun(app, { ...input, hyperparameters: { batchSize: 1, seed: 7 } });
    await expect(other).rejects.toMatchObject({
      issues: [{ path: ['idempotencyKey'], code: 'USED_ELSEWHERE', found: 'mine' }],
    });
  });

  test('makes one run of one idempotency key, also at the same moment', async () => {
    const input = await inputFor({ idempotencyKey: 'once' });
    const results = await Promise.all(Array.from({ length: 5 }, () => createRun(app, input)));
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
  });

  test('refuses a dataset that does not exist, saying how to find one', async () => {
    const input = await inputFor({ datasetKey: 'nope-1' });
    await expect(createRun(app, input)).rejects.toThrow(NotFoundError);
    await expect(createRun(app, input)).rejects.toThrow('buildDataset');
  });

  test('refuses a batch larger than the training side', async () => {
    const issues = await issuesOf(await inputFor({ hyperparameters: { batchSize: 9 } }));
    expect(issues).toMatchObject([
      { path: ['hyperparameters', 'batchSize'], code: 'BATCH_TOO_LARGE', limit: '8', found: '9' },
    ]);
  });

  test('refuses an unknown model and names those there are', async () => {
    const issues = await issuesOf(await inputFor({ modelId: '../../etc' }));
    expect(issues).toMatchObject([{ path: ['modelId'], code: 'UNKNOWN_MODEL' }]);
    expect(issues[0]?.message).toContain('qwen3-tiny');
  });

  test.for<[Partial<CreateRunInput>, string, string]>([
    [{ hyperparameters: { learningRate: 0 } }, 'hyperparameters.learningRate', 'TOO_SMALL'],
    [{ hyperparameters: { learningRate: 2 } }, 'hyperparameters.learningRate', 'TOO_LARGE'],
    [{ hyperparameters: { numEpochs: 101 } }, 'hyperparameters.numEpochs', 'TOO_LARGE'],
    [{ hyperparameters: { maxSeqLength: 127 } }, 'hyperparameters.maxSeqLength', 'TOO_SMALL'],
    [
      { hyperparameters: { lora: { rank: 0, alpha: 1 } } },
      'hyperparameters.lora.rank',
      'TOO_SMALL',
    ],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds', 'TOO_SMALL'],
    [{ name: '' }, 'name', 'TOO_SHORT'],
  ])('refuses %j at %s as %s', async ([changes, path, code]) => {
    const issues = await issuesOf(await inputFor(changes));
    expect(issues.map((issue) => [issue.path.join('.'), issue.code])).toEqual([[path, code]]);
  });

  test('stores the evaluation set, which the digest of the experiment knows', async () => {
    const input = await inputFor();
    const [set, other] = [await makeEvaluationSet(app), await makeEvaluationSet(app)];
    const copy = await makeEvaluationSet(app, [{}], { contentHash: set.contentHash });
    const runOn = async (evaluationSetKey?: string) => {
      const { id } = await createRun(app, { ...input, evaluationSetKey });
      return app.db.run.findUniqueOrThrow({ where: { id } });
    };
    const run = await runOn(set.key);
    expect(run.evaluationSetId).toBe(set.id);
    expect((await runOn(copy.key)).configHash).toBe(run.configHash);
    expect((await runOn(other.key)).configHash).not.toBe(run.configHash);
    const without = await runOn();
    expect(without.evaluationSetId).toBeNull();
    const { contentHash: dataset } = await app.db.dataset.findUniqueOrThrow({
      where: { id: without.datasetId ?? '' },
    });
    expect(without.configHash).toBe(contentHash({ config: without.config, dataset }));
  });

  test('refuses an evaluation set that does not exist, saying how to find one', async () => {
    const input = await inputFor({ evaluationSetKey: 'nope-1' });
    await expect(createRun(app, input)).rejects.toThrow(NotFoundError);
    await expect(createRun(app, input)).rejects.toMatchObject({ resource: 'EvaluationSet' });
    await expect(createRun(app, input)).rejects.toThrow('createEvaluationSet');
  });

  test('wants warnings acknowledged before it queues anything', async () => {
    const input = await inputFor({ hyperparameters: { batchSize: 8, maxSteps: 50 } });
    const issues = await issuesOf(input);
    expect(issues).toMatchObject([
      { path: ['acknowledgedWarnings'], code: 'MAX_STEPS_NOT_REACHED' },
    ]);
    const acknowledged = { ...input, acknowledgedWarnings: ['MAX_STEPS_NOT_REACHED'] };
    await expect(createRun(app, acknowledged)).resolves.toMatchObject({ created: true });
  });
});

describe('resolveRun', () => {
  test('refuses a LOCAL run where there is no Python, with the remedy', async () => {
    const dataDir = join(app.config.dataDir, 'without-python');
    const config = {
      ...app.config,
      cacheDir: dataDir,
      tunix: {
        ...app.config.tunix,
        python: '/nowhere/python3',
        readyPython: undefined,
      },
    };
    const input = await inputFor({ mode: 'LOCAL' });
    const resolving = resolveRun({ ...app, config }, input);
    await expect(resolving).rejects.toThrow(UnavailableError);
    await expect(resolving).rejects.toThrow('apt install python3');
    expect(await app.db.run.count({ where: { datasetId: input.datasetKey } }).catch(() => 0)).toBe(
      0,
    );
  });

  test('refuses a Python that is too old', async () => {
    const dataDir = join(app.config.dataDir, 'old-python');
    await mkdir(dataDir, { recursive: true });
    const python = join(dataDir, 'python3');
    await writeFile(python, '#!/bin/sh\necho 3.9.2\n');
    await chmod(python, 0o755);
    const config = {
      ...app.config,
      cacheDir: dataDir,
      tunix: { ...app.config.tunix, python, readyPython: undefined },
    };
    const resolving = resolveRun({ ...app, config }, await inputFor({ mode: 'LOCAL' }));
    await expect(resolving).rejects.toThrow('Python 3.9.2 is too old');
  });

  test.for([
    ['google/gemma-3-270m', 'Orbax'],
    ['meta-llama/Llama-3.2-1B', 'rotary'],
    ['gpt2', 'qwen3-tiny'],
  ])('says why %s cannot be trained', async ([modelId = '', reason = '']) => {
    const issues = await issuesOf(await inputFor({ modelId }));
    expect(issues).toMatchObject([{ path: ['modelId'], code: 'UNKNOWN_MODEL' }]);
    expect(issues[0]?.message).toContain(reason);
  });

  test('knows hub models, which a runner brings when it needs them', async () => {
    const { model, config } = await resolveRun(app, await inputFor({ modelId: 'Qwen/Qwen3-0.6B' }));
    expect(model).toMatchObject({ source: 'HUB', family: 'qwen3' });
    expect(config.modelId).toBe('Qwen/Qwen3-0.6B');
  });

  test('names a model folder of MODELS_DIR', async () => {
    const modelsDir = join(app.config.dataDir, 'models');
    await mkdir(join(modelsDir, 'my-qwen'), { recursive: true });
    const shape = {
      model_type: 'qwen3',
      num_hidden_layers: 2,
      hidden_size: 64,
      rope_theta: 1_000_000,
    };
    await writeFile(join(modelsDir, 'my-qwen', 'config.json'), JSON.stringify(shape));
    await mkdir(join(modelsDir, 'other'), { recursive: true });
    await writeFile(join(modelsDir, 'other', 'config.json'), '{"model_type":"gpt2"}');
    const config = { ...app.config, modelsDir };
    const input = await inputFor({ modelId: 'my-qwen' });
    expect((await resolveRun({ ...app, config }, input)).model).toMatchObject({ family: 'qwen3' });
    const other = resolveRun({ ...app, config }, { ...input, modelId: 'other' });
    await expect(other).rejects.toThrow('my-qwen');
  });

  test('counts steps by what the data gives', async () => {
    const { dataset } = await queueRun(app, { mode: 'DRY_RUN' });
    const resolve = (hyperparameters: CreateRunInput['hyperparameters']) =>
      resolveRun(app, { datasetKey: dataset.key, modelId: 'qwen3-tiny', hyperparameters });
    const full = await resolve({ batchSize: 3, numEpochs: 4 });
    expect([full.stepsPerEpoch, full.config.hyperparameters.totalSteps]).toEqual([1, 4]);
    const cut = await resolve({ batchSize: 1, numEpochs: 4, maxSteps: 5 });
    expect(cut.config.hyperparameters.totalSteps).toBe(5);
  });
});
