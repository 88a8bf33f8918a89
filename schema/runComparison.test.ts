import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../server/app.ts';
import { openServer } from '../server/test/http.ts';
import { makeDataset, makeEvaluation, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';

const QUERY = `query ($ids: [ID!]!) { compareRuns(ids: $ids) {
  __typename
  ... on RunComparison {
    runs { number }
    differences { path values }
    series(names: ["train/loss"], maxPoints: 10) {
      name curves { run { number } points { step value kind } } }
    evaluations { board judge split evaluations { id } }
  }
  ... on ValidationError { issues { path code limit found } }
  ... on NotFoundError { resource message }
} }`;

async function compare(app: App, ids: readonly string[]) {
  await using server = await openServer(app);
  const { data } = await server.ask(QUERY, { ids });
  return (data as { compareRuns: Record<string, unknown> }).compareRuns;
}

const ids = (...runs: { id: string }[]) => runs.map(({ id }) => globalId('Run', id));

describe('compareRuns', () => {
  test('shows config, curves and evaluations of shared boards in the order asked', async ({
    app,
  }) => {
    const dataset = await makeDataset(app, { name: 'compared' });
    const make = (batchSize: number, key = dataset.id) =>
      makeRun(app, key, { config: { hyperparameters: { batchSize, seed: 1 } } });
    const [first, second] = [await make(2), await make(4)];
    const third = await make(2, (await makeDataset(app, { name: 'another' })).id);
    for (const [run, value] of [
      [first, 0.5],
      [second, Number.NaN],
    ] as const) {
      await app.db.metricPoint.create({
        data: {
          runId: run.id,
          seq: 1,
          name: 'train/loss',
          step: 1,
          attempt: 1,
          value,
          at: new Date(),
        },
      });
    }
    await makeEvaluation(app, first, { correct: 1 });
    const newest = await makeEvaluation(app, first, { correct: 2 });
    const other = await makeEvaluation(app, second, { correct: 1 });
    await makeEvaluation(app, third, { correct: 1 });
    expect(await compare(app, ids(second, third, first))).toEqual({
      __typename: 'RunComparison',
      runs: [second, third, first].map(({ number }) => ({ number })),
      differences: [
        { path: 'datasetKey', values: ['compared-1', 'another-1', 'compared-1'] },
        { path: 'hyperparameters.batchSize', values: [4, 2, 2] },
      ],
      series: [
        {
          name: 'train/loss',
          curves: [
            {
              run: { number: second.number },
              points: [{ step: 1, value: null, kind: 'NAN' }],
            },
            {
              run: { number: first.number },
              points: [{ step: 1, value: 0.5, kind: 'FINITE' }],
            },
          ],
        },
      ],
      evaluations: [
        {
          board: 'compared-1',
          judge: 'answer_correctness@1',
          split: 'TEST',
          evaluations: [
            { id: globalId('Evaluation', other.id) },
            null,
            { id: globalId('Evaluation', newest.id) },
          ],
        },
      ],
    });
  });

  test('refuses fewer than two, more than ten, and the same run twice', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    const issue = async (asked: readonly string[]) => (await compare(app, asked)).issues;
    expect(await issue(ids(run))).toEqual([
      { path: ['ids'], code: 'TOO_SHORT', limit: '2', found: '1' },
    ]);
    const many = Array.from({ length: 11 }, () => ({ id: randomUUIDv7() }));
    expect(await issue(ids(...many))).toEqual([
      { path: ['ids'], code: 'TOO_LONG', limit: '10', found: '11' },
    ]);
    // Also when it is named in two ways.
    expect(await issue([globalId('Run', run.id), run.id])).toMatchObject([{ code: 'DUPLICATE' }]);
  });

  test('says which of the ids is not that of a run', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    for (const stranger of [globalId('Run', randomUUIDv7()), 'nonsense']) {
      expect(await compare(app, [...ids(run), stranger])).toMatchObject({
        __typename: 'NotFoundError',
        resource: 'Run',
        message: expect.stringContaining('number 2'),
      });
    }
  });
});
