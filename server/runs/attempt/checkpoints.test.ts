import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { evaluate } from '../../evaluations/evaluate.ts';
import { registerRunner } from '../../runners/register.ts';
import { makeDataset } from '../../test/make.ts';
import { behave, queueRun, until, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { resolveRun } from '../plan/validate.ts';
import { executeRun } from './execute.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

const execute = (id: string, signal = new AbortController().signal) =>
  executeRun(app, { id: runnerId, shutdown: signal }, id);
const accuracies = (runId: string) =>
  app.db.metricPoint.findMany({
    where: { runId, name: 'eval/accuracy' },
    orderBy: { seq: 'asc' },
    select: { step: true, value: true, attempt: true },
  });
const evaluationsOf = (runId: string) =>
  app.db.evaluation.findMany({ where: { runId }, orderBy: { step: 'asc' } });

describe('a run that is evaluated on its way', () => {
  test('stores, judges and draws the predictions of each wanted step', async () => {
    await behave(app, { steps: 10 });
    const { id } = await queueRun(app, { evaluateEverySteps: 4 });
    await execute(id);
    const evaluations = await evaluationsOf(id);
    expect(evaluations).toMatchObject([
      { step: 0, split: 'TEST', judge: 'answer_correctness' },
      { step: 4, split: 'EVAL', judge: 'answer_correctness' },
      { step: 8, split: 'EVAL', judge: 'answer_correctness' },
    ]);
    expect(await accuracies(id)).toEqual([
      { step: 4, value: 0.5, attempt: 1 },
      { step: 8, value: 0.5, attempt: 1 },
    ]);
    for (const { id: evaluationId } of evaluations) await evaluate(app, evaluationId);
    const judged = await evaluationsOf(id);
    expect(judged.map((each) => [each.status, each.itemCount, each.correctCount])).toEqual([
      ['COMPLETED', 4, 2],
      ['COMPLETED', 2, 1],
      ['COMPLETED', 2, 1],
    ]);
    const groups = await app.db.prediction.groupBy({
      by: ['step', 'split'],
      where: { runId: id },
      _count: true,
      orderBy: [{ step: 'asc' }, { split: 'asc' }],
    });
    expect(groups.map(({ step, split, _count }) => [step, split, _count])).toEqual([
      [0, 'EVAL', 2],
      [0, 'TEST', 4],
      [4, 'EVAL', 2],
      [8, 'EVAL', 2],
    ]);
    const files = await app.db.artifact.findMany({ where: { runId: id, kind: 'PREDICTIONS' } });
    expect(files.map(({ path }) => path).sort()).toEqual([
      'predictions-4.jsonl',
      'predictions-8.jsonl',
      'predictions.jsonl',
    ]);
  });

  test('counts only the items that its checkpoints were asked', async () => {
    await behave(app, { steps: 2 });
    const { id } = await queueRun(app, { evaluateEverySteps: 2, evaluateItems: 1 });
    await execute(id);
    expect(await accuracies(id)).toEqual([{ step: 2, value: 1, attempt: 1 }]);
    const onTheWay = (await evaluationsOf(id)).find(({ step }) => step === 2);
    await evaluate(app, onTheWay?.id ?? '');
    expect((await evaluationsOf(id)).at(-1)).toMatchObject({
      status: 'COMPLETED',
      itemCount: 1,
      correctCount: 1,
    });
  });

  test('can be judged while it still trains', async () => {
    await behave(app, { steps: 400, stepMs: 10 });
    const { id } = await queueRun(app, {
      evaluateEverySteps: 10,
      hyperparameters: { batchSize: 2, numEpochs: 100 },
    });
    const runner = new AbortController();
    const running = execute(id, runner.signal);
    const first = await until(() =>
      app.db.evaluation.findFirst({ where: { runId: id, step: 10 } }),
    );
    await evaluate(app, first.id);
    expect(await app.db.evaluation.findUniqueOrThrow({ where: { id: first.id } })).toMatchObject({
      status: 'COMPLETED',
      correctCount: 1,
    });
    expect(await app.db.run.findUniqueOrThrow({ where: { id } })).toMatchObject({
      status: 'RUNNING',
    });
    runner.abort();
    await running;
  });

  test('repeats no evaluation when another attempt comes by the same step', async () => {
    await behave(app, { steps: 10, at: { step: 7, do: 'killSelf' } });
    const { id } = await queueRun(app, { evaluateEverySteps: 3 });
    await execute(id);
    expect((await accuracies(id)).map(({ step }) => step)).toEqual([3, 6]);
    // As if the first attempt had been lost before it could write its last point.
    await app.db.metricPoint.deleteMany({ where: { runId: id, name: 'eval/accuracy', step: 6 } });
    const before = await app.db.prediction.findMany({ where: { runId: id, step: 6 } });
    await behave(app, { steps: 10 });
    // It comes by again: no checkpoint is left.
    await app.db.artifact.updateMany({
      where: { runId: id, kind: 'CHECKPOINT' },
      data: { deletedAt: new Date() },
    });
    await execute(id);
    expect(await app.db.run.findUniqueOrThrow({ where: { id } })).toMatchObject({
      status: 'COMPLETED',
      epoch: 2,
    });
    const attemptDir = join(app.config.dataDir, 'runs', id, 'attempt-2');
    const config = JSON.parse(await readFile(join(attemptDir, 'config.json'), 'utf8'));
    expect(config.tunix_rt.checkpoint_predictions.skip_steps).toEqual([3]);
    expect(await accuracies(id)).toEqual([
      { step: 3, value: 0.5, attempt: 1 },
      { step: 6, value: 0.5, attempt: 2 },
      { step: 9, value: 0.5, attempt: 2 },
    ]);
    expect((await evaluationsOf(id)).map(({ step }) => step)).toEqual([0, 3, 6, 9]);
    expect(await app.db.prediction.findMany({ where: { runId: id, step: 6 } })).toEqual(before);
  });

  test('hears of nothing when it did not ask', async () => {
    await behave(app, { steps: 4 });
    const { id } = await queueRun(app);
    await execute(id);
    expect(await accuracies(id)).toEqual([]);
    const { config } = await app.db.run.findUniqueOrThrow({ where: { id } });
    expect(config).not.toHaveProperty('evaluateEverySteps');
  });
});

describe('asking for evaluations on the way', () => {
  const resolve = async (input: object, evaluation = 3) => {
    const dataset = await makeDataset(app, { train: 4, eval: evaluation });
    const hyperparameters = { batchSize: 2, numEpochs: 50 };
    return resolveRun(app, {
      datasetKey: dataset.key,
      modelId: 'qwen3-tiny',
      hyperparameters,
      ...input,
    });
  };

  test('fills in how many items, at most those there are', async () => {
    expect((await resolve({ evaluateEverySteps: 50 })).config).toMatchObject({
      evaluateEverySteps: 50,
      evaluateItems: 3,
    });
    expect((await resolve({ evaluateEverySteps: 50 }, 60)).config.evaluateItems).toBe(50);
    expect((await resolve({ evaluateEverySteps: 50, evaluateItems: 2 })).config).toMatchObject({
      evaluateItems: 2,
    });
  });

  test.for([
    [{ evaluateEverySteps: 101 }, 3, 'evaluateEverySteps', 'TOO_LARGE'],
    [{ evaluateEverySteps: 0 }, 3, 'evaluateEverySteps', 'TOO_SMALL'],
    [{ evaluateEverySteps: 5 }, 0, 'evaluateEverySteps', 'NO_EVAL_ITEMS'],
    [{ evaluateEverySteps: 5, evaluateItems: 501 }, 3, 'evaluateItems', 'TOO_LARGE'],
    [{ evaluateItems: 5 }, 3, 'evaluateItems', 'WITHOUT_STEPS'],
  ] as const)('refuses %j with %i EVAL items', async ([input, evaluation, path, code]) => {
    await expect(resolve(input, evaluation)).rejects.toMatchObject({
      issues: [{ path: [path], code }],
    });
  });

  test('warns of a training that would mostly answer questions', async () => {
    const { warnings } = await resolve({ evaluateEverySteps: 1 });
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'FREQUENT_EVALUATIONS' }));
    const fewer = await resolve({ evaluateEverySteps: 2 });
    expect(fewer.warnings.map(({ code }) => code)).not.toContain('FREQUENT_EVALUATIONS');
  });

  test('names the way to a run that was trained elsewhere', async () => {
    await expect(resolve({ mode: 'EXTERNAL' })).rejects.toMatchObject({
      issues: [{ path: ['mode'], message: expect.stringContaining('importPredictions') }],
    });
  });
});
