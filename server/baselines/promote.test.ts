import { makeDataset, makeEvaluation, makeEvaluationSet, makeRun } from '../test/make.ts';
import { makeAnyRun } from '../test/makeJudged.ts';
import { describe, expect, test } from '../test/test.ts';
import { promoteBestRun } from './promote.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

describe('promoteBestRun', () => {
  test('pins the best evaluation on a side of a dataset, of equal ones the earliest', async ({
    app,
  }) => {
    const dataset = await makeDataset(app, { name: 'promoted' });
    const made = async (correct: number, seconds: number, data: object = {}) =>
      makeEvaluation(app, await makeRun(app, dataset.id), {
        correct,
        items: 10,
        createdAt: at(seconds),
        ...data,
      });
    await made(9, 3);
    const best = await made(9, 2);
    await made(5, 1);
    // Better, and not what is looked for.
    await made(10, 0, { split: 'EVAL' });
    await made(10, 0, { judge: 'gemma' });
    await made(10, 0, { judgeVersion: 2 });
    await made(10, 0, { step: 50 });
    await made(10, 0, { status: 'FAILED' });
    const input = { name: 'best', datasetKey: 'promoted-1', judge: 'answer_correctness@1' };
    expect(await promoteBestRun(app, { ...input, tolerance: 2, note: 'first' })).toMatchObject({
      name: 'best',
      revision: 1,
      evaluationId: best.id,
      tolerance: 2,
      note: 'first',
    });
    expect(await promoteBestRun(app, input)).toMatchObject({ revision: 2, evaluationId: best.id });
  });

  test('takes the lowest where less is better', async ({ app }) => {
    const set = await makeEvaluationSet(app);
    const made = async (loss: number) =>
      makeEvaluation(app, await makeAnyRun(app), {
        split: null,
        evaluationSetId: set.id,
        metrics: { loss },
      });
    await made(2);
    const best = await made(1);
    await made(3);
    const input = { name: 'least', evaluationSetKey: set.key, metric: 'loss' };
    expect(await promoteBestRun(app, input)).toMatchObject({
      evaluationId: best.id,
      lowerIsBetter: true,
    });
  });

  test('finds what was evaluated on a copy of the set', async ({ app }) => {
    const set = await makeEvaluationSet(app);
    const copy = await makeEvaluationSet(app, [{}], { contentHash: set.contentHash });
    const { id } = await makeEvaluation(app, await makeAnyRun(app), {
      split: null,
      evaluationSetId: copy.id,
    });
    expect(await promoteBestRun(app, { name: 'copy', evaluationSetKey: set.key })).toMatchObject({
      evaluationId: id,
    });
  });

  test('refuses when nothing was evaluated, and names what is missing', async ({ app }) => {
    const dataset = await makeDataset(app);
    const promote = (over: object) =>
      promoteBestRun(app, { name: 'none', datasetKey: dataset.key, ...over });
    await expect(promote({})).rejects.toMatchObject({
      resource: 'Evaluation',
      message: expect.stringContaining('evaluateRun'),
    });
    await expect(promote({ datasetKey: 'nowhere' })).rejects.toMatchObject({ resource: 'Dataset' });
    await expect(promote({ datasetKey: null, evaluationSetKey: 'nowhere' })).rejects.toMatchObject({
      resource: 'EvaluationSet',
    });
    expect(await app.db.baseline.count({ where: { name: 'none' } })).toBe(0);
  });

  test.for([
    [{}, 'EXACTLY_ONE'],
    [{ datasetKey: 'a', evaluationSetKey: 'b' }, 'EXACTLY_ONE'],
    [{ evaluationSetKey: 'b', split: 'TEST' }, 'AT_MOST_ONE'],
    [{ datasetKey: 'a', judge: 'nobody' }, 'UNKNOWN_JUDGE'],
    [{ datasetKey: 'a', evaluationId: 'x' }, 'UNKNOWN_FIELD'],
  ] as const)('refuses %j', async ([bad, code], { app }) => {
    const promote = promoteBestRun(app, { name: 'bad', ...bad } as never);
    await expect(promote).rejects.toMatchObject({ issues: [{ code }] });
  });
});
