/** A run that is judged on an evaluation set, from its creation to the gate. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../app.ts';
import { checkRegression } from '../../baselines/check.ts';
import { setBaseline } from '../../baselines/set.ts';
import { createEvaluationSet } from '../../evaluationSets/create.ts';
import { evaluate } from '../../evaluations/evaluate.ts';
import { readLeaderboard } from '../../evaluations/leaderboard.ts';
import { registerRunner } from '../../runners/register.ts';
import { makeDataset } from '../../test/make.ts';
import { behave, storedLog, withStandIn } from '../../test/rig.ts';
import { describe, expect, test } from '../../test/test.ts';
import { createRun } from '../create.ts';
import { executeRun } from './execute.ts';

let app: App;
let runnerId: string;

test.beforeAll(async ({ app: base }) => {
  app = await withStandIn(base);
  runnerId = await registerRunner(app);
});

/** Four questions; the stand-in answers the first and the third. */
const jsonl = [
  { id: 'eval-001', section: 'core', expected_answer: 'x or y', alternatives: ['x'] },
  { id: 'eval-002', section: 'core', expected_answer: '2' },
  { id: 'eval-003', section: 'edge_case', expected_answer: '3' },
  { id: 'eval-004', section: 'edge_case', expected_answer: '4' },
]
  .map((item) => JSON.stringify({ prompt: `Question of ${item.id}?`, ...item }))
  .join('\n');

const execute = (id: string) =>
  executeRun(app, { id: runnerId, shutdown: new AbortController().signal }, id);

/** A finished run on a dataset of its own, with its evaluation. */
async function trainAndJudge(evaluationSetKey: string, test: number) {
  const dataset = await makeDataset(app, { train: 4, eval: 2, test });
  const { id } = await createRun(app, {
    datasetKey: dataset.key,
    evaluationSetKey,
    modelId: 'qwen3-tiny',
    mode: 'LOCAL',
    hyperparameters: { batchSize: 2, numEpochs: 5 },
  });
  await execute(id);
  const run = await app.db.run.findUniqueOrThrow({
    where: { id },
    include: { evaluations: true, predictions: { orderBy: { expected: 'asc' } } },
  });
  const [evaluation] = run.evaluations;
  if (!evaluation) throw new Error(`not evaluated: ${run.error}`);
  await evaluate(app, evaluation.id);
  return { dataset, run, evaluationId: evaluation.id };
}

describe('a run on an evaluation set', () => {
  test('is predicted, judged, ranked and checked on the set', async () => {
    await behave(app, { steps: 3 });
    const set = await createEvaluationSet(app, { name: 'end-to-end', version: '1', jsonl });
    const { run, dataset, evaluationId } = await trainAndJudge(set.key, 0);
    expect(run).toMatchObject({ status: 'COMPLETED', evaluationSetId: set.id });

    const file = join(app.config.dataDir, 'runs', run.id, 'data', 'test.jsonl');
    const [first, ...rest] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toEqual({
      id: 'eval-001',
      prompt: 'Question of eval-001?',
      steps: [],
      answer: 'x or y',
    });
    expect(rest).toHaveLength(3);

    const onSet = run.predictions.filter(({ setItemId }) => setItemId !== null);
    const onTraces = run.predictions.filter(({ traceId }) => traceId !== null);
    expect(onSet.map(({ split, expected }) => [split, expected])).toEqual([
      [null, '2'],
      [null, '3'],
      [null, '4'],
      [null, 'x or y'],
    ]);
    expect(onTraces.map(({ split }) => split)).toEqual(['EVAL', 'EVAL']);

    expect(await app.db.evaluation.findUnique({ where: { id: evaluationId } })).toMatchObject({
      status: 'COMPLETED',
      split: null,
      evaluationSetId: set.id,
      datasetId: dataset.id,
      itemCount: 4,
      score: 50,
      metrics: { 'section/core/accuracy': 0.5, 'section/edge_case/accuracy': 0.5 },
    });

    const second = await trainAndJudge(set.key, 3);
    expect(second.dataset.contentHash).not.toBe(dataset.contentHash);
    const board = await readLeaderboard(app.sql, { filter: { evaluationSetKey: set.key } });
    expect(board.rows.map(({ rank, value }) => [rank, value])).toEqual([
      [1, 50],
      [1, 50],
    ]);

    await setBaseline(app, { name: 'gate', evaluationId });
    expect(await checkRegression(app, { baseline: 'gate', runId: second.run.id })).toMatchObject({
      verdict: 'PASS',
      evaluationId: second.evaluationId,
      delta: 0,
    });
  });

  test('goes on from a checkpoint as any other run', async () => {
    const set = await createEvaluationSet(app, { name: 'resumed', version: '1', jsonl });
    const dataset = await makeDataset(app, { train: 4, eval: 2, test: 0 });
    const { id } = await createRun(app, {
      datasetKey: dataset.key,
      evaluationSetKey: set.key,
      modelId: 'qwen3-tiny',
      mode: 'LOCAL',
      hyperparameters: { batchSize: 2, numEpochs: 5 },
    });
    await behave(app, { steps: 6, at: { step: 3, do: 'killSelf' } });
    await execute(id);
    await behave(app, { steps: 6 });
    await execute(id);
    const run = await app.db.run.findUniqueOrThrow({
      where: { id },
      include: { attempts: { orderBy: { epoch: 'asc' } }, predictions: true },
    });
    expect(run.attempts.map(({ status }) => status)).toEqual(['LOST', 'COMPLETED']);
    const log = (await storedLog(app, run.id)).system.toString();
    expect(log).toContain('Training resumes from step 3.');
    expect(run.predictions.filter(({ setItemId }) => setItemId !== null)).toHaveLength(4);
  });

  test('lays the questions out in a dry run', async () => {
    const set = await createEvaluationSet(app, { name: 'dry', version: '1', jsonl });
    const dataset = await makeDataset(app, { train: 8 });
    const { id } = await createRun(app, {
      datasetKey: dataset.key,
      evaluationSetKey: set.key,
      modelId: 'qwen3-tiny',
    });
    await execute(id);
    expect(await app.db.run.findUnique({ where: { id } })).toMatchObject({ status: 'COMPLETED' });
    const file = join(app.config.dataDir, 'runs', id, 'data', 'test.jsonl');
    expect((await readFile(file, 'utf8')).match(/eval-00\d"/g)).toHaveLength(4);
  });
});
