import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeDataset } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { putTrace, stepsOf } from '../server/test/traces.ts';
import { indexBacklog } from '../server/traces/indexing.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = async (app: App, source: string, variableValues: Record<string, unknown> = {}) => {
  const contextValue = contextOf(app);
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  return { data: data as Record<string, Record<string, unknown>> | null, errors };
};

const LIST = `query ($filter: TraceFilter, $orderBy: TraceOrder, $after: String) {
  traces(filter: $filter, orderBy: $orderBy, after: $after, first: 2) {
    totalCount pendingSearch
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { cursor node { promptPreview } highlight { where rank parts { text hit } } }
  }
}`;

describe('traces', () => {
  test('are found, ranked and highlighted', async ({ app }) => {
    const labels = { source: 'ranked' };
    await putTrace(app, { prompt: 'a story', steps: stepsOf('one heron') }, labels);
    await putTrace(app, { prompt: 'heron & <b>heron</b>' }, labels);
    await putTrace(app, { prompt: 'nothing' }, labels);
    await indexBacklog(app);
    await putTrace(app, { prompt: 'a heron not searchable yet' }, labels);
    const filter = { text: 'herons', sources: ['ranked'] };
    const { data, errors } = await ask(app, LIST, { filter, orderBy: { by: 'RELEVANCE' } });
    expect(errors).toBeUndefined();
    expect(data?.traces).toMatchObject({
      totalCount: 2,
      pendingSearch: 1,
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      edges: [
        {
          node: { promptPreview: 'heron & <b>heron</b>' },
          highlight: {
            where: 'PROMPT',
            parts: [
              { text: 'heron', hit: true },
              { text: ' & <b>', hit: false },
              { text: 'heron', hit: true },
              { text: '</b>', hit: false },
            ],
          },
        },
        { node: { promptPreview: 'a story' }, highlight: { where: 'STEPS' } },
      ],
    });
    const plain = await ask(app, LIST, { filter: { sources: ['ranked'] } });
    expect(plain.data?.traces).toMatchObject({ edges: [{ highlight: null }, { highlight: null }] });
  });

  test('of an import are found by its opaque id', async ({ app }) => {
    const session = await app.db.importSession.create({ data: { id: randomUUIDv7() } });
    await putTrace(app, { prompt: 'imported' }, { importSessionId: session.id });
    const importId = globalId('ImportSession', session.id);
    const source = `query ($importId: ID) {
      traces(filter: { importId: $importId }) { edges { node { importSession { id } } } }
    }`;
    expect((await ask(app, source, { importId })).data?.traces).toEqual({
      edges: [{ node: { importSession: { id: importId } } }],
    });
  });

  test('read the columns that are asked for, so never the payload of a list', async ({ app }) => {
    const selects: unknown[] = [];
    const db = app.db.$extends({
      query: {
        trace: {
          findMany({ args, query }) {
            selects.push(args.select);
            return query(args);
          },
        },
      },
    }) as unknown as App['db'];
    const list = (fields: string) =>
      ask({ ...app, db }, `{ traces(first: 1) { edges { node { ${fields} } } } }`);
    expect((await list('promptPreview tags baselineScore')).errors).toBeUndefined();
    expect((await list('prompt')).errors).toBeUndefined();
    expect(selects).toEqual([
      { id: true, promptPreview: true, tags: true, baselineScore: true },
      { id: true, payload: true },
    ]);
  });

  test.for([
    [{ orderBy: { by: 'RELEVANCE' } }, 'RELEVANCE ranks by words'],
    [{ filter: { steps: { min: 2, max: 1 } } }, 'steps: min is above max'],
    [{ filter: { text: '\0' } }, 'text: contains the character U+0000'],
    [{ filter: { split: 'TEST' } }, 'split: a side needs the dataset'],
  ] as const)('refuse %j', async ([variables, message], { app }) => {
    const { data, errors } = await ask(app, LIST, variables);
    expect(data).toBeNull();
    expect(errors?.[0]?.message).toContain(message);
    expect(errors?.[0]?.originalError?.name).toBe('ValidationError');
  });

  test('refuse a cursor of another order', async ({ app }) => {
    await putTrace(app);
    const { data } = await ask(app, LIST);
    const { pageInfo } = data?.traces ?? {};
    const { endCursor: after } = pageInfo as { endCursor: string };
    expect((await ask(app, LIST, { after })).errors).toBeUndefined();
    const { errors } = await ask(app, LIST, { after, orderBy: { by: 'STEP_COUNT' } });
    expect(errors?.[0]?.message).toContain('no cursor of this list in this order');
  });
});

test('traceFacets counts under the filter', async ({ app }) => {
  await putTrace(app, {}, { source: 'facets', tags: ['one', 'two'] });
  const { data, errors } = await ask(
    app,
    `{ traceFacets(filter: { tags: ["two"] }) {
      counted exact sources { value count } tags { value } versions { count } steps { value }
    } }`,
  );
  expect(errors).toBeUndefined();
  expect(data?.traceFacets).toEqual({
    counted: 1,
    exact: true,
    sources: [{ value: 'facets', count: 1 }],
    tags: [{ value: 'one' }, { value: 'two' }],
    versions: [{ count: 1 }],
    steps: [{ value: '1' }],
  });
});

describe('deleteTrace', () => {
  const DELETE = `mutation ($id: ID!) { deleteTrace(input: { id: $id }) {
    ... on DeleteTracePayload { deletedId }
    ... on NotFoundError { code resource }
    ... on InUseError { code message datasets runs }
  } }`;

  test('answers the id, then that there is none', async ({ app }) => {
    const id = globalId('Trace', (await putTrace(app)).id);
    expect((await ask(app, DELETE, { id })).data?.deleteTrace).toEqual({ deletedId: id });
    const gone = { code: 'NOT_FOUND', resource: 'Trace' };
    expect((await ask(app, DELETE, { id })).data?.deleteTrace).toEqual(gone);
    expect((await ask(app, DELETE, { id: 'x' })).data?.deleteTrace).toEqual(gone);
  });

  test('names the dataset that uses it', async ({ app }) => {
    const dataset = await makeDataset(app);
    const id = globalId('Trace', dataset.items[0]?.traceId ?? '');
    expect((await ask(app, DELETE, { id })).data?.deleteTrace).toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining(dataset.key),
      datasets: [dataset.key],
      runs: [],
    });
  });
});

describe('tagTraces', () => {
  const TAG = `mutation ($ids: [ID!]!, $add: [String!]) {
    tagTraces(input: { ids: $ids, add: $add, remove: ["old"] }) {
      ... on TagTracesPayload { changed traces { id tags } }
      ... on ValidationError { issues { path code } }
      ... on NotFoundError { code }
    }
  }`;

  test('answers the traces in the order of the input', async ({ app }) => {
    const rows = [await putTrace(app, {}, { tags: ['old'] }), await putTrace(app)];
    const ids = rows.map((row) => globalId('Trace', row.id)).toReversed();
    expect((await ask(app, TAG, { ids, add: ['new'] })).data?.tagTraces).toEqual({
      changed: 2,
      traces: ids.map((id) => ({ id, tags: ['new'] })),
    });
  });

  test('answers what is wrong', async ({ app }) => {
    const ids = [globalId('Trace', (await putTrace(app)).id)];
    expect((await ask(app, TAG, { ids, add: ['-'] })).data?.tagTraces).toEqual({
      issues: [{ path: ['add', '0'], code: 'INVALID' }],
    });
    expect((await ask(app, TAG, { ids: [...ids, 'x'] })).data?.tagTraces).toEqual({
      code: 'NOT_FOUND',
    });
  });
});

test('scoreTrace answers the score, which the trace then lists, newest first', async ({ app }) => {
  const { id: uuid } = await putTrace(app, { steps: stepsOf('x'.repeat(500)) });
  const id = globalId('Trace', uuid);
  const source = `mutation ($id: ID!) { scoreTrace(input: { id: $id }) {
    ... on ScoreTracePayload {
      score { id criteria score details }
      trace { baselineScore scores(first: 1) { totalCount edges { node { id score } } } }
    }
    ... on NotFoundError { code }
  } }`;
  await ask(app, source, { id });
  const { data } = await ask(app, source, { id });
  const score = data?.scoreTrace?.score as { id: string } | undefined;
  expect(data?.scoreTrace).toMatchObject({
    score: { criteria: 'BASELINE', score: 55, details: { stepCount: 1, lengthScore: 50 } },
    trace: { scores: { totalCount: 2, edges: [{ node: { id: score?.id, score: 55 } }] } },
  });
  const none = globalId('Trace', randomUUIDv7());
  expect((await ask(app, source, { id: none })).data?.scoreTrace).toEqual({ code: 'NOT_FOUND' });
});
