import { randomUUIDv7 } from 'node:crypto';
import { InUseError, NotFoundError } from '../errors.ts';
import { makeCompletedRun, makeDataset, makeEvaluation } from '../test/make.ts';
import { describe, expect, test } from '../test/test.ts';
import { putTrace } from '../test/traces.ts';
import { indexBacklog } from './indexing.ts';
import { deleteTrace } from './remove.ts';
import { scoreTrace } from './scoreTrace.ts';

describe('deleteTrace', () => {
  test('removes the trace with its scores and its place in the search', async ({ app }) => {
    const { id } = await putTrace(app);
    await scoreTrace(app, { id, criteria: 'BASELINE' });
    await indexBacklog(app);
    await deleteTrace(app, id);
    expect(await app.db.trace.count({ where: { id } })).toBe(0);
    expect(await app.db.score.count({ where: { traceId: id } })).toBe(0);
    expect(await app.db.traceSearch.count({ where: { traceId: id } })).toBe(0);
  });

  test('does not know a trace twice', async ({ app }) => {
    const { id } = await putTrace(app);
    await deleteTrace(app, id);
    await expect(deleteTrace(app, id)).rejects.toThrow(NotFoundError);
    await expect(deleteTrace(app, randomUUIDv7())).rejects.toThrow('There is no such trace');
  });

  test('keeps what a dataset has, and names it', async ({ app }) => {
    const dataset = await makeDataset(app, { name: 'keeper' });
    const id = dataset.items[0]?.traceId ?? '';
    const refused = deleteTrace(app, id);
    await expect(refused).rejects.toThrow(InUseError);
    await expect(refused).rejects.toMatchObject({ datasets: ['keeper-1'], runs: [] });
    await expect(refused).rejects.toThrow('The trace is used by dataset keeper-1, so it stays');
    expect(await app.db.trace.count({ where: { id } })).toBe(1);
  });

  test('keeps what was predicted, and names the run', async ({ app }) => {
    const dataset = await makeDataset(app);
    const run = await makeCompletedRun(app, dataset, ['x']);
    const { traceId } = await app.db.prediction.findFirstOrThrow({ where: { runId: run.id } });
    await app.db.datasetItem.deleteMany({ where: { datasetId: dataset.id } });
    await expect(deleteTrace(app, traceId ?? '')).rejects.toMatchObject({
      datasets: [],
      runs: [run.number],
      message: expect.stringContaining(`in the results of run ${run.number}, so it stays`),
    });
  });

  test('keeps what was judged, and names the run', async ({ app }) => {
    const dataset = await makeDataset(app);
    const run = await makeCompletedRun(app, dataset, []);
    const evaluation = await makeEvaluation(app, run);
    const traceId = dataset.items[0]?.traceId ?? '';
    await app.db.evaluationItem.create({
      data: {
        evaluationId: evaluation.id,
        position: 0,
        traceId,
        score: 1,
        correct: true,
        expected: '',
        rule: 'x',
      },
    });
    await expect(deleteTrace(app, traceId)).rejects.toMatchObject({
      datasets: [dataset.key],
      runs: [run.number],
    });
  });
});
