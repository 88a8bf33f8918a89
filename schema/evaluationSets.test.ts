import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { requestEvaluation } from '../server/evaluations/evaluate.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeDataset, makeEvaluationSet, makeRunOnSet } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

/** The answer to an operation; an error of the request fails the test. */
const ask = async (app: App, source: string, variableValues: Record<string, unknown> = {}) => {
  const contextValue = contextOf(app);
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  expect(errors).toBeUndefined();
  return data;
};

const lineOf = (id: string, over: object = {}) =>
  JSON.stringify({ id, prompt: `What is ${id}?`, expected_answer: '1', ...over });

const CREATE = `mutation Create($input: CreateEvaluationSetInput!) {
  createEvaluationSet(input: $input) {
    __typename
    ... on CreateEvaluationSetPayload {
      evaluationSet { id key name version itemCount contentHash }
      warnings { line itemId severity code path }
    }
    ... on ValidationError { issues { path code } }
    ... on ConflictError { existingId code }
  }
}`;

const SET = `query Set($key: String!, $section: String, $first: Int, $after: String) {
  evaluationSet(key: $key) {
    key
    sections { value count }
    categories { value count }
    difficulties { value count }
    runs { totalCount edges { node { number evaluationSet { key } } } }
    evaluations { totalCount }
    items(section: $section, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node {
        position itemId prompt expectedAnswer alternatives category difficulty section set { key }
      } }
    }
  }
}`;

describe('createEvaluationSet', () => {
  test('answers with the set and what was noted, and later with a conflict', async ({ app }) => {
    const jsonl = `${lineOf('a')}\n${lineOf('b', { difficulty: 'odd' })}`;
    const input = { name: 'made', version: '1', jsonl };
    const first = await ask(app, CREATE, { input });
    expect(first).toMatchObject({
      createEvaluationSet: {
        evaluationSet: { key: 'made-1', name: 'made', version: '1', itemCount: 2 },
        warnings: [
          {
            line: 2,
            itemId: 'b',
            severity: 'WARNING',
            code: 'UNKNOWN_DIFFICULTY',
            path: ['difficulty'],
          },
        ],
      },
    });
    const { id } = await app.db.evaluationSet.findUniqueOrThrow({ where: { key: 'made-1' } });
    expect(await ask(app, CREATE, { input })).toEqual({
      createEvaluationSet: {
        __typename: 'ConflictError',
        existingId: globalId('EvaluationSet', id),
        code: 'CONFLICT',
      },
    });
  });

  test('answers with the errors of the file', async ({ app }) => {
    const input = { name: 'bad', version: '1', jsonl: 'x', minItems: 1 };
    expect(await ask(app, CREATE, { input })).toEqual({
      createEvaluationSet: {
        __typename: 'ValidationError',
        issues: [
          { path: ['jsonl', '1'], code: 'NOT_JSON' },
          { path: ['jsonl'], code: 'TOO_FEW_ITEMS' },
        ],
      },
    });
  });
});

describe('validateEvaluationSet', () => {
  const VALIDATE = `query Validate($jsonl: String!, $minItems: Int) {
    validateEvaluationSet(jsonl: $jsonl, minItems: $minItems) {
      valid itemCount issues { line severity code message }
    }
  }`;

  test('says everything and stores nothing', async ({ app }) => {
    const before = await app.db.evaluationSet.count();
    const jsonl = `${lineOf('a')}\n${lineOf('a', { section: 'odd' })}`;
    expect(await ask(app, VALIDATE, { jsonl, minItems: 2 })).toMatchObject({
      validateEvaluationSet: {
        valid: false,
        itemCount: 2,
        issues: [
          { line: 2, severity: 'ERROR', code: 'DUPLICATE_ID' },
          { line: 2, severity: 'WARNING', code: 'DUPLICATE_PROMPT' },
          { line: 2, severity: 'WARNING', code: 'UNKNOWN_SECTION' },
        ],
      },
    });
    expect(await ask(app, VALIDATE, { jsonl: lineOf('a') })).toEqual({
      validateEvaluationSet: { valid: true, itemCount: 1, issues: [] },
    });
    expect(await app.db.evaluationSet.count()).toBe(before);
  });
});

describe('evaluationSet', () => {
  test('shows its items in order, in pages and by section, and counts of its parts', async ({
    app,
  }) => {
    const set = await makeEvaluationSet(app, [
      { section: 'core', category: 'x', alternatives: ['one'], prompt: 'First?' },
      { section: 'edge_case', category: 'x', difficulty: 'easy' },
      { section: 'core', category: 'y' },
    ]);
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, ['x']);
    await requestEvaluation(app, { runId: run.id });
    const read = async (variables: object) =>
      (await ask(app, SET, { key: set.key, ...variables }))?.evaluationSet as {
        items: { pageInfo: { endCursor: string }; edges: { node: { position: number } }[] };
      };
    const first = await read({ first: 2 });
    expect(first).toMatchObject({
      sections: [
        { value: 'core', count: 2 },
        { value: 'edge_case', count: 1 },
      ],
      categories: [
        { value: 'x', count: 2 },
        { value: 'y', count: 1 },
      ],
      difficulties: [{ value: 'easy', count: 1 }],
      runs: {
        totalCount: 1,
        edges: [{ node: { number: run.number, evaluationSet: { key: set.key } } }],
      },
      evaluations: { totalCount: 1 },
      items: {
        totalCount: 3,
        pageInfo: { hasNextPage: true },
        edges: [
          {
            node: {
              position: 0,
              itemId: 'item-0',
              prompt: 'First?',
              expectedAnswer: '1',
              alternatives: ['one'],
              section: 'core',
              difficulty: null,
              set: { key: set.key },
            },
          },
          { node: { position: 1 } },
        ],
      },
    });
    const rest = await read({ first: 2, after: first.items.pageInfo.endCursor });
    expect(rest.items.edges.map(({ node }) => node.position)).toEqual([2]);
    const core = await read({ section: 'core' });
    expect(core.items.edges.map(({ node }) => node.position)).toEqual([0, 2]);
  });

  test('is null for a key that nobody has, and listed newest first', async ({ app }) => {
    expect(await ask(app, SET, { key: 'no\0ne' })).toEqual({ evaluationSet: null });
    const [older, newer] = [await makeEvaluationSet(app), await makeEvaluationSet(app)];
    const list = await ask(
      app,
      '{ evaluationSets(first: 2) { edges { node { key } } totalCount } }',
    );
    expect(list).toEqual({
      evaluationSets: {
        edges: [{ node: { key: newer.key } }, { node: { key: older.key } }],
        totalCount: await app.db.evaluationSet.count(),
      },
    });
  });
});
