import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { setBaseline } from '../server/baselines/set.ts';
import { ANONYMOUS, contextOf, LOCAL, VIEWER } from '../server/test/actors.ts';
import { makeDataset, makeEvaluation, makeRun } from '../server/test/make.ts';
import { makeJudged, makeSetOf, rightThenWrong } from '../server/test/makeJudged.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = async (
  app: App,
  source: string,
  variableValues: Record<string, unknown> = {},
  actor: Actor = LOCAL,
) => graphql({ schema, source, variableValues, contextValue: contextOf(app, actor) });

const SET = `mutation ($input: SetBaselineInput!) {
  setBaseline(input: $input) {
    __typename
    ... on SetBaselinePayload { baseline {
      name revision metric value lowerIsBetter tolerance alpha onInconclusive
      evaluation { score } history { revision tolerance } checks { id }
    } }
    ... on Error { message code }
    ... on ValidationError { issues { path code } }
  }
}`;

const CHECK = `mutation ($input: CheckRegressionInput!) {
  checkRegression(input: $input) {
    __typename
    ... on CheckRegressionPayload { check {
      id verdict reasons test baselineValue candidateValue delta deltaPercent
      baseline { name revision } evaluation { id run { number } }
    } }
    ... on Error { message code }
    ... on ValidationError { issues { path code } }
  }
}`;

async function makeScores(app: App) {
  const dataset = await makeDataset(app);
  const good = await makeRun(app, dataset.id);
  const bad = await makeRun(app, dataset.id);
  return {
    good,
    bad,
    best: await makeEvaluation(app, good, { correct: 8, items: 10 }),
    worst: await makeEvaluation(app, bad, { correct: 7, items: 10 }),
  };
}

describe('setBaseline', () => {
  test('answers with the new revision and the history', async ({ app }) => {
    const { best } = await makeScores(app);
    const input = { name: 'main', evaluationId: globalId('Evaluation', best.id) };
    await ask(app, SET, { input });
    expect(await ask(app, SET, { input: { ...input, tolerance: 2.5 } })).toMatchObject({
      data: {
        setBaseline: {
          baseline: {
            name: 'main',
            revision: 2,
            metric: 'score',
            value: 80,
            lowerIsBetter: false,
            tolerance: 2.5,
            alpha: 0.05,
            onInconclusive: 'WARN',
            evaluation: { score: 80 },
            history: [
              { revision: 2, tolerance: 2.5 },
              { revision: 1, tolerance: 5 },
            ],
            checks: [],
          },
        },
      },
    });
  });

  test('answers with each of its errors', async ({ app }) => {
    const { best, good } = await makeScores(app);
    const pending = await makeEvaluation(app, good, { status: 'PENDING' });
    const answers = async (input: object) =>
      (await ask(app, SET, { input: { name: 'errors', ...input } })).data?.setBaseline;
    expect(await answers({ evaluationId: 'x' })).toMatchObject({ __typename: 'NotFoundError' });
    expect(await answers({ evaluationId: randomUUIDv7() })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await answers({ evaluationId: pending.id })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await answers({ evaluationId: best.id, alpha: 2, tolerance: -1 })).toMatchObject({
      code: 'VALIDATION',
      issues: [{ path: ['tolerance'] }, { path: ['alpha'] }],
    });
  });
});

describe('checkRegression', () => {
  test('answers with the stored check', async ({ app }) => {
    const { best, bad, worst } = await makeScores(app);
    await setBaseline(app, { name: 'gate', evaluationId: best.id });
    const input = { baseline: 'gate', runId: globalId('Run', bad.id) };
    expect(await ask(app, CHECK, { input })).toMatchObject({
      data: {
        checkRegression: {
          check: {
            verdict: 'REGRESSED',
            test: 'tolerance',
            baselineValue: 80,
            candidateValue: 70,
            delta: -10,
            deltaPercent: -12.5,
            reasons: [expect.stringContaining('fell from 80 to 70'), expect.any(String)],
            baseline: { name: 'gate', revision: 1 },
            evaluation: { id: globalId('Evaluation', worst.id), run: { number: bad.number } },
          },
        },
      },
    });
    await ask(app, CHECK, { input: { baseline: 'gate', evaluationId: best.id } });
    const source = '{ baseline(name: "gate") { checks { verdict } } }';
    expect(await ask(app, source)).toEqual({
      data: { baseline: { checks: [{ verdict: 'PASS' }, { verdict: 'REGRESSED' }] } },
    });
  });

  test('is told by the evaluation, the newest one alone', async ({ app }) => {
    const { best, bad, worst } = await makeScores(app);
    for (const tolerance of [5, 50]) {
      await setBaseline(app, { name: 'gate', evaluationId: best.id, tolerance });
      await ask(app, CHECK, { input: { baseline: 'gate', evaluationId: worst.id } });
    }
    await makeEvaluation(app, bad, { correct: 9, items: 10 });
    const source = `{ run(number: ${bad.number}) { evaluations { latestCheck { verdict } } } }`;
    expect(await ask(app, source)).toEqual({
      data: { run: { evaluations: [{ latestCheck: null }, { latestCheck: { verdict: 'PASS' } }] } },
    });
  });

  test('answers with each of its errors', async ({ app }) => {
    const { best } = await makeScores(app);
    await setBaseline(app, { name: 'gate of errors', evaluationId: best.id });
    const empty = await makeRun(app, best.datasetId ?? '');
    const answers = async (input: object) =>
      (await ask(app, CHECK, { input: { baseline: 'gate of errors', ...input } })).data
        ?.checkRegression;
    expect(await answers({})).toMatchObject({ issues: [{ code: 'EXACTLY_ONE' }] });
    expect(await answers({ runId: empty.id, evaluationId: best.id })).toMatchObject({
      issues: [{ code: 'EXACTLY_ONE' }],
    });
    expect(await answers({ runId: empty.id })).toMatchObject({ code: 'INVALID_STATE' });
    expect(await answers({ runId: globalId('Evaluation', best.id) })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await answers({ baseline: 'nobody', runId: empty.id })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('baselines', () => {
  test('are the current revisions, by name', async ({ app }) => {
    const { best, worst } = await makeScores(app);
    for (const name of ['list b', 'list a', 'list b']) {
      await setBaseline(app, { name, evaluationId: best.id });
    }
    await setBaseline(app, { name: 'list b', evaluationId: worst.id, metric: 'accuracy' });
    const { data } = await ask(app, '{ baselines { name revision value } }');
    const names = data?.baselines as { name: string }[] | undefined;
    const listed = names?.filter(({ name }) => name.startsWith('list'));
    expect(listed).toEqual([
      { name: 'list a', revision: 1, value: 80 },
      { name: 'list b', revision: 3, value: 0.7 },
    ]);
    const source = 'query ($name: String!) { baseline(name: $name) { revision } }';
    expect(await ask(app, source, { name: 'list b' })).toEqual({
      data: { baseline: { revision: 3 } },
    });
    const deep = 'query ($name: String!) { baseline(name: $name) { evaluation { id } } }';
    for (const name of ['nobody', 'a\0b', '']) {
      expect(await ask(app, deep, { name })).toEqual({ data: { baseline: null } });
    }
  });

  test('need their scopes', async ({ app }) => {
    expect((await ask(app, '{ baselines { name } }', {}, ANONYMOUS)).errors).toHaveLength(1);
    const input = { name: 'x', evaluationId: 'x' };
    expect((await ask(app, SET, { input }, VIEWER)).errors).toHaveLength(1);
    const check = { baseline: 'x', runId: 'x' };
    expect((await ask(app, CHECK, { input: check }, VIEWER)).errors).toHaveLength(1);
  });
});

describe('the policy', () => {
  const POLICY = `mutation ($input: SetBaselineInput!) {
    setBaseline(input: $input) {
      ... on SetBaselinePayload { baseline {
        minItems requiredJudge note setBy floors { by value minimum }
      } }
      ... on ValidationError { issues { path code } }
    }
  }`;
  const policy = {
    minItems: 2,
    requiredJudge: 'answer_correctness@1',
    note: 'why',
    floors: [{ by: 'SECTION', value: 'core', minimum: 0.9 }],
  };

  test('is kept with the baseline and with each check', async ({ app }) => {
    const set = await makeSetOf(app, 10, () => ({ section: 'core' }));
    const pinned = await makeJudged(app, set, rightThenWrong(10, 0));
    const input = { name: 'whole', evaluationId: pinned.id, ...policy };
    expect(await ask(app, POLICY, { input })).toEqual({
      data: { setBaseline: { baseline: { ...policy, setBy: 'local' } } },
    });
    const { id } = await makeJudged(app, set, rightThenWrong(2, 8));
    const source = `mutation ($id: ID!) {
      checkRegression(input: { baseline: "whole", evaluationId: $id }) {
        ... on CheckRegressionPayload { check {
          verdict outcome itemCount worseCount betterCount pValue minDetectable seed resamples policy
          interval { low high }
          slices { by value verdict items worseCount adjustedP test floor { minimum accuracy verdict } }
        } }
      }
    }`;
    expect((await ask(app, source, { id })).data?.checkRegression).toMatchObject({
      check: {
        verdict: 'REGRESSED',
        outcome: 'FAIL',
        itemCount: 10,
        worseCount: 8,
        betterCount: 0,
        interval: { high: expect.any(Number) },
        policy: { minItems: 2, requiredJudge: 'answer_correctness@1', floors: policy.floors },
        slices: [
          {
            by: 'SECTION',
            value: 'core',
            verdict: 'REGRESSED',
            worseCount: 8,
            test: 'MCNEMAR_EXACT',
            floor: { minimum: 0.9, accuracy: 0.2, verdict: 'REGRESSED' },
          },
        ],
      },
    });
  });

  test('can be tried on the past, and set on the best run', async ({ app }) => {
    const set = await makeSetOf(app, 10);
    await makeJudged(app, set, rightThenWrong(1, 9));
    const best = await makeJudged(app, set, rightThenWrong(10, 0));
    const source = `mutation ($input: PromoteBestRunInput!) {
      promoteBestRun(input: $input) {
        ... on PromoteBestRunPayload { baseline { name evaluation { id } } }
        ... on Error { code message }
      }
    }`;
    const input = { name: 'promoted', evaluationSetKey: set.key };
    expect(await ask(app, source, { input })).toEqual({
      data: {
        promoteBestRun: {
          baseline: { name: 'promoted', evaluation: { id: globalId('Evaluation', best.id) } },
        },
      },
    });
    const unknown = await ask(app, source, { input: { ...input, evaluationSetKey: 'nowhere' } });
    expect(unknown.data?.promoteBestRun).toMatchObject({ code: 'NOT_FOUND' });
    const backtest = `query ($input: BacktestBaselineInput!) {
      backtestBaseline(input: $input, last: 5) { verdict outcome delta pValue evaluation { score } }
    }`;
    expect(await ask(app, backtest, { input: { baseline: 'promoted' } })).toMatchObject({
      data: {
        backtestBaseline: [
          { verdict: 'REGRESSED', outcome: 'FAIL', delta: -90, evaluation: { score: 10 } },
        ],
      },
    });
    const { errors } = await ask(app, backtest, { input: { baseline: 'nobody' } });
    expect(errors?.[0]?.message).toContain('no baseline named "nobody"');
  });
});
