import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { checkRegression } from '../server/baselines/check.ts';
import { setBaseline } from '../server/baselines/set.ts';
import { sha256 } from '../server/lib/canonical.ts';
import { registerRunner } from '../server/runners/register.ts';
import { contextOf } from '../server/test/actors.ts';
import {
  makeCompletedRun,
  makeDataset,
  makeEvaluation,
  makeEvaluationSet,
} from '../server/test/make.ts';
import { makeDatasetCheck } from '../server/test/makeItems.ts';
import { makeOneOfPeople } from '../server/test/makePeople.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { scoreTrace } from '../server/traces/scoreTrace.ts';
import { globalId, idOrNone, localId } from './ids.ts';
import { schema } from './index.ts';

const ask = async (app: App, source: string, variableValues: Record<string, unknown>) => {
  const contextValue = contextOf(app);
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  return { data: data as Record<string, unknown> | null, errors };
};

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

const node = schema.getType('Node');
const nodeTypes =
  node && 'getInterfaces' in node && !('isTypeOf' in node)
    ? schema.getPossibleTypes(node).map(({ name }) => name)
    : [];

/** One object of each type that has an opaque id. */
async function makeOneOfEach(app: App): Promise<Record<string, string>> {
  const dataset = await makeDataset(app);
  const run = await makeCompletedRun(app, dataset, ['Answer: 1']);
  const evaluation = await makeEvaluation(app, run);
  const baseline = await setBaseline(app, { name: run.id, evaluationId: evaluation.id });
  const check = await checkRegression(app, { baseline: run.id, evaluationId: evaluation.id });
  const file = { runId: run.id, attempt: 1, kind: 'OTHER', size: 1, sha256: sha256('x') } as const;
  const artifact = await app.db.artifact.create({
    data: { id: randomUUIDv7(), path: 'x', ...file },
  });
  const prediction = await app.db.prediction.findFirstOrThrow({ where: { runId: run.id } });
  const set = await makeEvaluationSet(app);
  const traceId = prediction.traceId ?? '';
  const looked = await makeDatasetCheck(app, dataset.id, traceId);
  const render = { traceId, modelId: 'qwen3-tiny', maxTokens: 64 };
  const preview = await app.db.renderPreview.create({ data: { id: randomUUIDv7(), ...render } });
  const session = await app.db.importSession.create({ data: { id: randomUUIDv7() } });
  return {
    ...(await makeOneOfPeople(app)),
    Artifact: artifact.id,
    Baseline: baseline.id,
    Check: check.id,
    Dataset: dataset.id,
    DatasetCheck: looked.id,
    Evaluation: evaluation.id,
    EvaluationSet: set.id,
    EvaluationSetItem: set.items[0]?.id ?? '',
    Finding: looked.findings[0]?.id ?? '',
    ImportSession: session.id,
    Prediction: prediction.id,
    RenderPreview: preview.id,
    Run: run.id,
    Runner: await registerRunner(app),
    Trace: prediction.traceId ?? '',
    TraceScore: await scoreTrace(app, { id: prediction.traceId ?? '', criteria: 'BASELINE' }),
  };
}

describe('node', () => {
  test('finds an object of every type by the id it shows', async ({ app }) => {
    const made = await makeOneOfEach(app);
    expect(Object.keys(made).toSorted()).toEqual(nodeTypes.toSorted());
    for (const [typename, uuid] of Object.entries(made)) {
      const id = globalId(typename, uuid);
      expect(await ask(app, NODE, { id })).toEqual({
        data: { node: { __typename: typename, id } },
        errors: undefined,
      });
    }
  });

  test.for(nodeTypes)('is null for a %s that does not exist', async (typename, { app }) => {
    const id = globalId(typename, randomUUIDv7());
    expect(await ask(app, NODE, { id })).toEqual({ data: { node: null }, errors: undefined });
  });

  test.for([
    ['an empty id', ''],
    ['what is no base64', '%%%'],
    ['a word', 'x'],
    ['a NUL', '\0'],
    ['a type without an id', Buffer.from('Trace:').toString('base64')],
    ['a number for a uuid', Buffer.from('Trace:1').toString('base64')],
    ['more parts than two', Buffer.from(`Trace:${randomUUIDv7()}:x`).toString('base64')],
    ['a type that does not exist', globalId('Nope', randomUUIDv7())],
    ['a type that is no node', globalId('DatasetItem', randomUUIDv7())],
    ['a root type', globalId('Query', randomUUIDv7())],
    ['a name every object has', globalId('constructor', randomUUIDv7())],
  ] as const)('refuses %s', async ([, id], { app }) => {
    expect(await ask(app, NODE, { id })).toMatchObject({
      data: { node: null },
      errors: [{ extensions: { code: 'BAD_ID' } }],
    });
  });
});

describe('a conflict', () => {
  test('names what is there by an id that can be read', async ({ app }) => {
    await makeDataset(app);
    const build = `mutation { buildDataset(input: { name: "taken", version: "1" }) {
      ... on BuildDatasetPayload { dataset { id } }
      ... on ConflictError { existingId code }
    } }`;
    const first = (await ask(app, build, {})).data as { buildDataset: { dataset: { id: string } } };
    const { id } = first.buildDataset.dataset;
    expect((await ask(app, build, {})).data).toEqual({
      buildDataset: { existingId: id, code: 'CONFLICT' },
    });
    expect((await ask(app, NODE, { id })).data).toEqual({ node: { __typename: 'Dataset', id } });
  });
});

describe('nodes', () => {
  test('answers in the order asked, null where none is', async ({ app }) => {
    const { Trace = '', Run = '' } = await makeOneOfEach(app);
    const ids = [globalId('Run', Run), globalId('Run', randomUUIDv7()), globalId('Trace', Trace)];
    const { data, errors } = await ask(app, NODES, { ids });
    expect(errors).toBeUndefined();
    expect(data?.nodes).toMatchObject([{ id: ids[0] }, null, { id: ids[2] }]);
  });

  test('takes 100 ids and no more', async ({ app }) => {
    const ids = Array<string>(101).fill(globalId('Run', randomUUIDv7()));
    const { data } = await ask(app, NODES, { ids: ids.slice(1) });
    expect(data?.nodes).toEqual(Array(100).fill(null));
    expect((await ask(app, NODES, { ids })).errors).toMatchObject([
      { message: expect.stringContaining('at most 100'), extensions: { code: 'BAD_VALUE' } },
    ]);
  });
});

describe('a field that takes an id', () => {
  const READ = `query ($id: ID!) {
    trace(id: $id) { id }
    run(id: $id) { id }
    importSession(id: $id) { id }
    runLogs(runId: $id) { hasMore }
    runEvents(runId: $id) { hasMore }
  }`;

  test.for(['', 'x', '%%%', '\0', globalId('Trace', randomUUIDv7()), randomUUIDv7()])(
    'answers null for %j',
    async (id, { app }) => {
      expect(await ask(app, READ, { id })).toEqual({
        data: { trace: null, run: null, importSession: null, runLogs: null, runEvents: null },
        errors: undefined,
      });
    },
  );

  test('takes a plain uuid too', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    const { data } = await ask(app, 'query ($id: ID!) { run(id: $id) { id } }', { id: run.id });
    expect(data).toEqual({ run: { id: globalId('Run', run.id) } });
  });
});

describe('localId', () => {
  const uuid = '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f';

  test.for([
    [globalId('Run', uuid), uuid],
    [uuid, uuid],
    [globalId('Trace', uuid), null],
    [globalId('Run', 'x'), null],
    ['', null],
  ] as const)('makes of %j %j', ([id, expected]) => {
    expect(localId('Run', id)).toBe(expected);
    expect(idOrNone('Run', id)).toBe(expected ?? '00000000-0000-0000-0000-000000000000');
  });
});
