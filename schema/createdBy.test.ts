/** Runs, datasets and baselines know who made them, whichever way they were made. */
import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { contextOf, MEMBER } from '../server/test/actors.ts';
import {
  makeDataset,
  makeEvaluation,
  makeEvaluationSet,
  makeRun,
  makeTrace,
} from '../server/test/make.ts';
import { withStandIn } from '../server/test/rig.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const BY = 'member@example.org';

/** Has a member do something, and gives the part of the payload that is asked for. */
async function made(app: App, mutation: string, input: object, selection: string) {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
  const source = `mutation ($input: ${name}Input!) { it: ${mutation}(input: $input) {
    __typename ... on ${name}Payload { ${selection} } ... on Error { message } } }`;
  const contextValue = contextOf(app, MEMBER);
  const { data, errors } = await graphql({
    schema,
    source,
    variableValues: { input },
    contextValue,
  });
  expect(errors).toBeUndefined();
  return data?.it as { run?: { id: string; createdBy: string }; __typename: string };
}

const RUN = 'run { id createdBy }';
const madeRun = { run: { createdBy: BY } };

describe('who made it', () => {
  test('stands on a run, and on each that comes from one of somebody else', async ({
    app: base,
  }) => {
    const app = await withStandIn(base);
    const { key: datasetKey } = await makeDataset(app, { train: 4, eval: 2, test: 4 });
    const hyperparameters = { batchSize: 2, numEpochs: 5 };
    const input = { datasetKey, modelId: 'qwen3-tiny', mode: 'LOCAL', hyperparameters };
    const first = await made(app, 'createRun', input, RUN);
    expect(first).toMatchObject(madeRun);
    const runId = first.run?.id ?? '';
    const where = { createdBy: BY };
    const { id } = await app.db.run.findFirstOrThrow({ where });
    await app.db.run.update({
      where: { id },
      data: { createdBy: 'bob', status: 'FAILED', finishedAt: new Date(), epoch: 1 },
    });
    const checkpoint = { attempt: 1, step: 4, size: 1, path: 'checkpoints/4/x' };
    await app.db.artifact.create({
      data: {
        ...checkpoint,
        id: randomUUIDv7(),
        runId: id,
        kind: 'CHECKPOINT',
        sha256: 'a'.repeat(64),
      },
    });
    for (const mutation of ['retryRun', 'resumeRun', 'cloneRun', 'reproduceRun']) {
      expect(await made(app, mutation, { runId }, RUN), mutation).toMatchObject(madeRun);
    }
    expect(await app.db.run.count({ where })).toBe(4);
    expect(await app.db.run.findUnique({ where: { id } })).toMatchObject({ createdBy: 'bob' });
  });

  test('stands on a run whose predictions were brought', async ({ app }) => {
    const { key: evaluationSetKey } = await makeEvaluationSet(app, [{ itemId: 'a' }]);
    const jsonl = JSON.stringify({ id: 'a', text: '1' });
    const system = { name: 's', modelId: 'm' };
    const input = { system, evaluationSetKey, jsonl };
    expect(await made(app, 'importPredictions', input, RUN)).toMatchObject(madeRun);
  });

  test('stands on a dataset', async ({ app }) => {
    await makeTrace(app, { source: 'mine' });
    const input = { name: 'by', version: '1', filter: { sources: ['mine'] } };
    expect(await made(app, 'buildDataset', input, 'dataset { createdBy }')).toMatchObject({
      dataset: { createdBy: BY },
    });
  });

  test('stands on a baseline, pinned or promoted', async ({ app }) => {
    const dataset = await makeDataset(app);
    const { id } = await makeEvaluation(app, await makeRun(app, dataset.id));
    const pin = { name: 'by', evaluationId: globalId('Evaluation', id) };
    const promote = { name: 'by', datasetKey: dataset.key };
    const SET_BY = 'baseline { setBy }';
    for (const it of [
      await made(app, 'setBaseline', pin, SET_BY),
      await made(app, 'promoteBestRun', promote, SET_BY),
    ]) {
      expect(it).toMatchObject({ baseline: { setBy: BY } });
    }
  });

  test('is cut to what a name may be', async ({ app }) => {
    const { id } = await makeEvaluation(app, await makeRun(app, (await makeDataset(app)).id));
    const actor = { ...MEMBER, name: `key ${'k'.repeat(300)}` };
    const input = `name: "cut", evaluationId: "${globalId('Evaluation', id)}"`;
    const { data } = await graphql({
      schema,
      source: `mutation { setBaseline(input: { ${input} }) {
        ... on SetBaselinePayload { baseline { setBy } } } }`,
      contextValue: contextOf(app, actor),
    });
    expect(data).toEqual({ setBaseline: { baseline: { setBy: actor.name.slice(0, 128) } } });
  });
});
