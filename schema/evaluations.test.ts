import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { evaluate } from '../server/evaluations/evaluate.ts';
import { contextOf, LOCAL, VIEWER } from '../server/test/actors.ts';
import { makeCompletedRun, makeDataset, makeEvaluation, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = (
  app: App,
  source: string,
  variableValues: Record<string, unknown> = {},
  actor: Actor = LOCAL,
) => graphql({ schema, source, variableValues, contextValue: contextOf(app, actor) });

const EVALUATE = `mutation Evaluate($input: EvaluateRunInput!) {
  evaluateRun(input: $input) {
    __typename
    ... on EvaluateRunPayload { evaluation { id status split judge { ref } run { id } score } }
    ... on Error { message code }
    ... on NotFoundError { resource }
    ... on InvalidStateError { status }
    ... on ValidationError { issues { path code message } }
  }
}`;

describe('evaluateRun', () => {
  test('answers with the pending evaluation', async ({ app }) => {
    const run = await makeCompletedRun(app, await makeDataset(app), ['x']);
    const runId = globalId('Run', run.id);
    expect(await ask(app, EVALUATE, { input: { runId } })).toMatchObject({
      data: {
        evaluateRun: {
          evaluation: {
            status: 'PENDING',
            split: 'TEST',
            judge: { ref: 'answer_correctness@1' },
            run: { id: runId },
            score: null,
          },
        },
      },
    });
  });

  test('answers with each of its errors', async ({ app }) => {
    const dataset = await makeDataset(app);
    const dry = await makeRun(app, dataset.id, { mode: 'DRY_RUN' });
    const run = globalId('Run', dry.id);
    const answers = async (input: object) => {
      const { data, errors } = await ask(app, EVALUATE, { input });
      expect(errors).toBeUndefined();
      return data?.evaluateRun;
    };
    const notFound = { __typename: 'NotFoundError', code: 'NOT_FOUND', resource: 'Run' };
    expect(await answers({ runId: globalId('Run', randomUUIDv7()) })).toMatchObject(notFound);
    expect(await answers({ runId: globalId('Trace', dry.id) })).toMatchObject(notFound);
    expect(await answers({ runId: 'nonsense' })).toMatchObject(notFound);
    expect(await answers({ runId: run })).toMatchObject({
      __typename: 'InvalidStateError',
      status: 'COMPLETED',
      message: expect.stringContaining('dry run'),
    });
    expect(await answers({ runId: run, judge: 'mock@2' })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['judge'], code: 'UNKNOWN_JUDGE' }],
    });
  });

  test('needs the scope write', async ({ app }) => {
    const variables = { input: { runId: 'x' } };
    const { data, errors } = await ask(app, EVALUATE, variables, VIEWER);
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
  });
});

const EVALUATION = `query Evaluation($id: ID!, $filter: EvaluationItemFilter, $first: Int, $after: String) {
  evaluation(id: $id) {
    id status score primaryScore itemCount correctCount metrics error finishedAt
    accuracyInterval { low high }
    judge { name version description ref }
    dataset { id }
    items(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { position correct extracted expected rule trace { id } prediction { text } } }
    }
  }
}`;

describe('evaluation', () => {
  test('shows items, metrics and interval', async ({ app }) => {
    const dataset = await makeDataset(app, { test: ['1', '2', '3', '4'] });
    const run = await makeCompletedRun(app, dataset, ['Answer: 1', 'Answer: 0', null, 'Answer: 4']);
    const asked = await ask(app, EVALUATE, { input: { runId: run.id } });
    const id = (asked.data as never as { evaluateRun: { evaluation: { id: string } } }).evaluateRun
      .evaluation.id;
    await evaluate(app, Buffer.from(id, 'base64').toString().split(':')[1] ?? '');
    const read = async (variables: object) =>
      (await ask(app, EVALUATION, { id, ...variables })).data?.evaluation as never as {
        items: { edges: { node: { position: number } }[]; pageInfo: { endCursor: string } };
      };
    expect(await read({})).toMatchObject({
      id,
      status: 'COMPLETED',
      score: 50,
      primaryScore: 0.5,
      itemCount: 4,
      correctCount: 2,
      metrics: { answered: 3 },
      error: null,
      accuracyInterval: { low: expect.closeTo(0.15, 2), high: expect.closeTo(0.85, 2) },
      judge: { name: 'answer_correctness', version: 1, ref: 'answer_correctness@1' },
      items: {
        totalCount: 4,
        edges: [
          { node: { position: 3, correct: true, prediction: { text: 'Answer: 1' } } },
          { node: { position: 4, correct: false, extracted: '0', expected: '2' } },
          { node: { position: 5, rule: 'NO_PREDICTION', extracted: null, prediction: null } },
          { node: { position: 6, correct: true } },
        ],
      },
    });
    const wrong = await read({ filter: { outcome: ['WRONG', 'NO_ANSWER'] }, first: 1 });
    expect(wrong.items).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      edges: [{ node: { position: 4 } }],
    });
    const next = await read({
      filter: { outcome: ['WRONG', 'NO_ANSWER'] },
      after: wrong.items.pageInfo.endCursor,
    });
    expect(next.items.edges).toMatchObject([{ node: { position: 5 } }]);
  });

  test('has no values before it is completed', async ({ app }) => {
    const run = await makeRun(app, (await makeDataset(app)).id);
    const { id } = await makeEvaluation(app, run, { status: 'PENDING' });
    expect(await ask(app, EVALUATION, { id })).toMatchObject({
      data: {
        evaluation: { score: null, primaryScore: null, accuracyInterval: null, finishedAt: null },
      },
    });
  });

  test('is null for an unknown id, and readable as a node', async ({ app }) => {
    for (const id of ['x', globalId('Run', randomUUIDv7()), randomUUIDv7()]) {
      expect(await ask(app, EVALUATION, { id })).toEqual({ data: { evaluation: null } });
    }
    const run = await makeRun(app, (await makeDataset(app)).id);
    const id = globalId('Evaluation', (await makeEvaluation(app, run)).id);
    const source = 'query ($id: ID!) { node(id: $id) { id __typename } }';
    expect(await ask(app, source, { id })).toEqual({
      data: { node: { id, __typename: 'Evaluation' } },
    });
  });
});

const LEADERBOARD = `query ($filter: LeaderboardFilter, $metric: String, $first: Int, $after: String) {
  leaderboard(filter: $filter, metric: $metric, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node {
      rank value interval { low high } run { number modelId } evaluation { id judge { ref } }
    } }
  }
}`;

type Board = {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
  edges: { node: { rank: number; run: { number: number } } }[];
};

describe('leaderboard', () => {
  test('pages through runs', async ({ app }) => {
    const dataset = await makeDataset(app);
    for (const correct of [1, 2, 2]) {
      await makeEvaluation(app, await makeRun(app, dataset.id), { correct, items: 2 });
    }
    const read = async (variables: object) =>
      (await ask(app, LEADERBOARD, { filter: { datasetKey: dataset.key }, ...variables })).data
        ?.leaderboard as never as Board;
    const one = await read({ first: 2 });
    expect(one).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
      edges: [
        { node: { rank: 1, value: 100, interval: { high: 100 }, run: { modelId: 'tiny' } } },
        { node: { rank: 1, value: 100 } },
      ],
    });
    const two = await read({ first: 2, after: one.pageInfo.endCursor, metric: 'accuracy' });
    expect(two.pageInfo).toMatchObject({ hasPreviousPage: true });
    const rest = await read({ first: 2, after: one.pageInfo.endCursor });
    expect(rest).toMatchObject({
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
      edges: [{ node: { rank: 3, value: 50 } }],
    });
  });

  test('reads runs and evaluations of a page at once', async ({ app }) => {
    const dataset = await makeDataset(app);
    for (let run = 0; run < 10; run++) {
      await makeEvaluation(app, await makeRun(app, dataset.id));
    }
    const before = app.sql.query;
    const statements: string[] = [];
    const count = (...args: never[]) => {
      const [query] = args as unknown as [string | { text: string }];
      statements.push(typeof query === 'string' ? query : query.text);
      return (before as (...args: never[]) => unknown).apply(app.sql, args);
    };
    app.sql.query = count as never;
    const { errors } = await ask(app, LEADERBOARD, { filter: { datasetKey: dataset.key } });
    app.sql.query = before;
    expect(errors).toBeUndefined();
    // The page, its ranks, its total, runs and evaluations.
    expect(statements.length).toBeLessThanOrEqual(5);
  });

  test.for([{ first: 0 }, { first: 101 }, { metric: 'loss' }, { after: 'x' }])(
    'says what is wrong with %j',
    async (variables, { app }) => {
      const { errors } = await ask(app, LEADERBOARD, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_VALUE' } }]);
    },
  );
});
