import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { evaluate } from '../server/evaluations/evaluate.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeDataset, makeEvaluationSet, makeRunOnSet } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { schema } from './index.ts';

/** The answer to an operation; an error of the request fails the test. */
const ask = async (app: App, source: string, variableValues: Record<string, unknown> = {}) => {
  const contextValue = contextOf(app);
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  expect(errors).toBeUndefined();
  return data;
};

describe('an evaluation on a set', () => {
  test('shows set, parts and questions', async ({ app }) => {
    const set = await makeEvaluationSet(app, [
      { prompt: 'First?', expectedAnswer: '7', section: 'core' },
      { section: 'core' },
    ]);
    const run = await makeRunOnSet(app, (await makeDataset(app)).id, set, ['Answer: 7', 'x']);
    const answer = await ask(
      app,
      `mutation Evaluate($input: EvaluateRunInput!) { evaluateRun(input: $input) {
        ... on EvaluateRunPayload { evaluation { split evaluationSet { key } } }
      } }`,
      { input: { runId: run.id, evaluationSetKey: set.key } },
    );
    expect(answer).toEqual({
      evaluateRun: { evaluation: { split: null, evaluationSet: { key: set.key } } },
    });
    const { id } = await app.db.evaluation.findFirstOrThrow({ where: { runId: run.id } });
    await evaluate(app, id);
    const read = await ask(
      app,
      `query Read($id: ID!, $run: ID!, $filter: LeaderboardFilter) {
        evaluation(id: $id) {
          sections { by value items correct accuracy interval { low high } }
          items { edges { node { prompt trace { id } setItem { itemId } prediction {
            split prompt trace { id } setItem { itemId }
          } } } }
        }
        leaderboard(filter: $filter) { edges { node { rank evaluation { evaluationSet { key } } } } }
        run(id: $run) {
          evaluationSet { key }
          onSet: predictions(onEvaluationSet: true) { totalCount }
          onDataset: predictions(onEvaluationSet: false) { totalCount }
        }
        runs(filter: { evaluationSetKey: "${set.key}" }) { totalCount }
      }`,
      { id, run: run.id, filter: { evaluationSetKey: set.key } },
    );
    const item = { prompt: 'First?', trace: null, setItem: { itemId: 'item-0' } };
    expect(read).toMatchObject({
      evaluation: {
        sections: [
          {
            by: 'SECTION',
            value: 'core',
            items: 2,
            correct: 1,
            accuracy: 0.5,
            interval: { low: expect.any(Number), high: expect.any(Number) },
          },
        ],
        items: { edges: [{ node: { ...item, prediction: { ...item, split: null } } }, {}] },
      },
      leaderboard: {
        edges: [{ node: { rank: 1, evaluation: { evaluationSet: { key: set.key } } } }],
      },
      run: {
        evaluationSet: { key: set.key },
        onSet: { totalCount: 2 },
        onDataset: { totalCount: 0 },
      },
      runs: { totalCount: 1 },
    });
  });
});
