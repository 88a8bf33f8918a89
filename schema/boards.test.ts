import { graphql, parse, subscribe } from 'graphql';
import type { App } from '../server/app.ts';
import { contextOf, VIEWER } from '../server/test/actors.ts';
import { makeDataset, makeEvaluation, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { localBoardId } from './boards.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = (app: App, source: string, variableValues: Record<string, unknown> = {}) =>
  graphql({ schema, source, variableValues, contextValue: contextOf(app, VIEWER) });

async function makeBoard(app: App, counts: number[]) {
  const dataset = await makeDataset(app);
  const runs = [];
  for (const correct of counts) {
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct, items: 100 });
    runs.push(run);
  }
  return { dataset, runs, filter: { datasetKey: dataset.key } };
}

test('boards are paged, newest first, and tell what they rank', async ({ app }) => {
  const { dataset } = await makeBoard(app, [1, 2, 3]);
  await makeBoard(app, [4]);
  const source = `query ($first: Int, $after: String) { boards(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { id runs split settings newestAt targetHash
      dataset { key } evaluationSet { key } judge { ref } } }
  } }`;
  const one = (await ask(app, source, { first: 1 })).data?.boards as never as {
    pageInfo: { endCursor: string };
    edges: { node: { id: string } }[];
  };
  expect(one).toMatchObject({ pageInfo: { hasNextPage: true }, edges: [{ node: { runs: 1 } }] });
  expect(localBoardId(one.edges[0]?.node.id ?? '')).toBeGreaterThan(0);
  const { data } = await ask(app, source, { first: 1, after: one.pageInfo.endCursor });
  expect(data?.boards).toMatchObject({
    pageInfo: { hasNextPage: false },
    edges: [
      {
        node: {
          runs: 3,
          split: 'TEST',
          settings: {},
          dataset: { key: dataset.key },
          evaluationSet: null,
          judge: { ref: 'answer_correctness@1' },
        },
      },
    ],
  });
  for (const variables of [{ first: 0 }, { first: 101 }, { after: 'x' }]) {
    const { errors } = await ask(app, source, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_VALUE' } }]);
  }
});

test('rows say how far the order can be trusted, and what ranks apart', async ({ app }) => {
  const { filter, runs } = await makeBoard(app, [95, 90, 40]);
  await makeEvaluation(app, runs[0] ?? { id: '', datasetId: '' }, { judgeVersion: 2 });
  const source = `query ($filter: LeaderboardFilter) {
    leaderboard(filter: $filter, pick: BEST) {
      edges { node { rank tiedFrom tiedTo tieGroup board { runs judge { ref } } } }
      incomparable { reason board { judge { ref } } }
    } }`;
  const judge = 'answer_correctness@1';
  expect(await ask(app, source, { filter: { ...filter, judge } })).toMatchObject({
    data: {
      leaderboard: {
        edges: [
          { node: { rank: 1, tiedFrom: 1, tiedTo: 2, tieGroup: 1, board: { runs: 3 } } },
          { node: { rank: 2, tiedFrom: 1, tiedTo: 2, tieGroup: 1 } },
          { node: { rank: 3, tiedFrom: 3, tiedTo: 3, tieGroup: 2 } },
        ],
        incomparable: [
          {
            reason: 'Another version of the judge decided: answer_correctness@2.',
            board: { judge: { ref: 'answer_correctness@2' } },
          },
        ],
      },
    },
  });
});

test('runRank tells the place of a run', async ({ app }) => {
  const { runs } = await makeBoard(app, [95, 40]);
  const source = `query ($runId: ID!, $metric: String) { runRank(runId: $runId, metric: $metric) {
    rank of value tieGroup tiedFrom tiedTo interval { low high } board { runs } evaluation { id }
  } }`;
  const runId = globalId('Run', runs[1]?.id ?? '');
  expect(await ask(app, source, { runId })).toMatchObject({
    data: { runRank: [{ rank: 2, of: 2, value: 40, tieGroup: 2, board: { runs: 2 } }] },
  });
  expect((await ask(app, source, { runId: 'x' })).data).toEqual({ runRank: [] });
  expect((await ask(app, source, { runId, metric: 'loss' })).errors).toMatchObject([
    { extensions: { code: 'BAD_VALUE' } },
  ]);
});

describe('leaderboardChanged', () => {
  const source = `subscription ($filter: LeaderboardFilter, $metric: String) {
    leaderboardChanged(filter: $filter, metric: $metric) {
      runIds at board { runs } rows { rank run { id } }
    } }`;
  const follow = (app: App, variableValues: Record<string, unknown>) =>
    subscribe({
      schema,
      document: parse(source),
      variableValues,
      contextValue: contextOf(app, VIEWER),
    });

  test('tells a change with the first rows as they are now', async ({ app }) => {
    const { filter, dataset } = await makeBoard(app, [50]);
    const stream = (await follow(app, { filter })) as AsyncGenerator<{ data: unknown }>;
    const first = await stream.next();
    expect(first.value.data).toMatchObject({ leaderboardChanged: { runIds: [] } });
    const run = await makeRun(app, dataset.id);
    await makeEvaluation(app, run, { correct: 70, items: 100 });
    app.bell.ring('evaluations');
    const id = globalId('Run', run.id);
    expect((await stream.next()).value.data).toMatchObject({
      leaderboardChanged: {
        runIds: [id],
        board: { runs: 2 },
        rows: [{ rank: 1, run: { id } }, { rank: 2 }],
      },
    });
    await stream.return(undefined);
  });

  test('refuses a metric that boards do not have', async ({ app }) => {
    expect(await follow(app, { metric: 'loss' })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_VALUE' } }],
    });
  });
});
