import type { App } from '../server/app.ts';
import { evaluate } from '../server/evaluations/evaluate.ts';
import { openServer } from '../server/test/http.ts';
import { makeCompletedRun, makeDataset, makeEvaluationSet } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';

const IMPORT = `mutation Import($input: ImportPredictionsInput!) {
  importPredictions(input: $input) {
    __typename
    ... on ImportPredictionsPayload {
      repeated imported missing issues { line code message }
      run {
        number mode status dataset { key } evaluationSet { key } progress { step } attempts { status }
        logTail viewerCanCancel viewerCanEvaluate
        evaluations { step dataset { key } evaluationSet { key } }
        predictions(first: 5) { totalCount edges { node { prompt text expected } } }
      }
    }
    ... on ValidationError { issues { path code } }
    ... on Error { message code }
  }
}`;

async function ask(app: App, query: string, variables: object) {
  await using server = await openServer(app);
  return await server.ask(query, variables);
}

describe('importPredictions', () => {
  test('answers with a run that needs neither dataset nor attempt', async ({ app }) => {
    const set = await makeEvaluationSet(app, [{ itemId: 'a', prompt: 'Why?' }, { itemId: 'b' }]);
    const input = {
      system: { name: 's', modelId: 'm' },
      evaluationSetKey: set.key,
      allowMissing: true,
      jsonl: '{"id": "a", "prediction": "Answer: 1"}\n{"id": "c", "prediction": "x"}',
    };
    const { data } = await ask(app, IMPORT, { input });
    expect(data).toMatchObject({
      importPredictions: {
        __typename: 'ImportPredictionsPayload',
        repeated: false,
        imported: 1,
        missing: 1,
        issues: [{ line: 2, code: 'UNKNOWN_ITEM' }],
        run: {
          mode: 'EXTERNAL',
          status: 'COMPLETED',
          dataset: null,
          evaluationSet: { key: set.key },
          progress: null,
          attempts: [],
          logTail: null,
          viewerCanCancel: false,
          viewerCanEvaluate: true,
          evaluations: [{ step: 0, dataset: null, evaluationSet: { key: set.key } }],
          predictions: {
            totalCount: 1,
            edges: [{ node: { prompt: 'Why?', text: 'Answer: 1', expected: '1' } }],
          },
        },
      },
    });
    const listed = await ask(
      app,
      'query Runs($key: String) { runs(filter: { mode: EXTERNAL, evaluationSetKey: $key }) { totalCount } }',
      { key: set.key },
    );
    expect(listed.data).toEqual({ runs: { totalCount: 1 } });
  });

  test('answers with what is wrong as a part of the union', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['1'] });
    const run = await makeCompletedRun(app, dataset, ['Answer: 1']);
    const wrong = async (input: object) =>
      ((await ask(app, IMPORT, { input })).data as { importPredictions: object }).importPredictions;
    const runId = globalId('Run', run.id);
    const line = JSON.stringify({ id: dataset.items.at(-1)?.traceId, text: 'x' });
    expect(await wrong({ runId, jsonl: line })).toMatchObject({ __typename: 'ConflictError' });
    expect(await wrong({ runId, jsonl: '' })).toMatchObject({
      issues: [{ path: ['jsonl'], code: 'MISSING' }],
    });
    expect(await wrong({ runId: globalId('Dataset', run.id), jsonl: '' })).toMatchObject({
      __typename: 'NotFoundError',
    });
    await app.db.run.update({ where: { id: run.id }, data: { mode: 'DRY_RUN' } });
    expect(await wrong({ runId, jsonl: '' })).toMatchObject({ __typename: 'InvalidStateError' });
  });
});

describe('Run.checkpointEvaluations', () => {
  test('stand apart from those of the final model, as do the predictions', async ({ app }) => {
    const dataset = await makeDataset(app, { eval: 1, test: ['1'] });
    const run = await makeCompletedRun(app, dataset, ['Answer: 1']);
    const item = dataset.items.find(({ split }) => split === 'EVAL');
    const of = {
      runId: run.id,
      datasetId: dataset.id,
      judge: 'answer_correctness',
      judgeVersion: 1,
    };
    for (const step of [20, 10]) {
      const prediction = {
        runId: run.id,
        traceId: item?.traceId ?? '',
        split: 'EVAL' as const,
        step,
      };
      await app.db.prediction.create({
        data: { ...prediction, id: crypto.randomUUID(), expected: '1', text: `at ${step}` },
      });
      const id = crypto.randomUUID();
      await app.db.evaluation.create({ data: { ...of, id, step, split: 'EVAL' } });
      await evaluate(app, id);
    }
    const { data } = await ask(
      app,
      `query Run($id: ID!) { run(id: $id) {
        evaluations { id }
        checkpointEvaluations { step status itemCount }
        predictions(first: 5) { totalCount }
        on20: predictions(first: 5, step: 20) { edges { node { text } } }
      } }`,
      { id: run.id },
    );
    expect(data).toEqual({
      run: {
        evaluations: [],
        checkpointEvaluations: [
          { step: 10, status: 'COMPLETED', itemCount: 1 },
          { step: 20, status: 'COMPLETED', itemCount: 1 },
        ],
        predictions: { totalCount: 1 },
        on20: { edges: [{ node: { text: 'at 20' } }] },
      },
    });
  });
});
