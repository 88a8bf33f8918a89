import { randomUUIDv7 } from 'node:crypto';
import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { contextOf, VIEWER } from '../server/test/actors.ts';
import { makeDataset } from '../server/test/make.ts';
import { makeJudged, makeSetOf } from '../server/test/makeJudged.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = async (app: App, source: string, variableValues: Record<string, unknown>) =>
  graphql({
    schema,
    source,
    variableValues,
    contextValue: contextOf(app, VIEWER),
  });

const COMPARE = `query ($baseline: ID!, $candidate: ID!, $kinds: [FlipKind!], $first: Int, $after: String) {
  compareEvaluations(baseline: $baseline, candidate: $candidate) {
    comparable notComparableBecause
    baseline { id } candidate { id }
    statistics { items delta lower higher test pValue interval { low high } alpha seed resamples }
    slices { by value adjustedP statistics { items } }
    counts { broken fixed bothRight bothWrong unscored }
    items(kinds: $kinds, first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { node {
        kind position prompt expected trace { id } setItem { id }
        baselineItem { score extracted } candidateItem { score }
        baselineText candidateText
        steps { kind base other } firstDivergence
      } }
    }
  }
}`;

describe('compareEvaluations', () => {
  test('answers with statistics, parts, counts and items side by side', async ({ app }) => {
    const set = await makeSetOf(app, 3, () => ({ section: 'core' }));
    const baseline = await makeJudged(app, set, [true, true, false], {
      texts: ['1. 2 + 2 = 4\nAnswer: 4'],
    });
    const candidate = await makeJudged(app, set, [false, true, null], {
      texts: ['1. 2 + 2 = 5\nAnswer: 5'],
    });
    const ids = {
      baseline: globalId('Evaluation', baseline.id),
      candidate: globalId('Evaluation', candidate.id),
    };
    const { data, errors } = await ask(app, COMPARE, { ...ids, first: 1 });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      compareEvaluations: {
        comparable: true,
        notComparableBecause: [],
        baseline: { id: ids.baseline },
        candidate: { id: ids.candidate },
        statistics: {
          items: 2,
          delta: -0.5,
          lower: 1,
          higher: 0,
          test: 'MCNEMAR_EXACT',
          pValue: 1,
        },
        slices: [{ by: 'SECTION', value: 'core', adjustedP: 1, statistics: { items: 2 } }],
        counts: { broken: 1, fixed: 0, bothRight: 1, bothWrong: 0, unscored: 1 },
        items: {
          pageInfo: { hasNextPage: true },
          edges: [
            {
              node: {
                kind: 'BROKEN',
                position: 0,
                trace: null,
                setItem: { id: globalId('EvaluationSetItem', set.items[0]?.id ?? '') },
                baselineItem: { score: 1, extracted: null },
                candidateItem: { score: 0 },
                candidateText: '1. 2 + 2 = 5\nAnswer: 5',
                steps: [{ kind: 'CHANGED', base: '2 + 2 = 4', other: '2 + 2 = 5' }],
                firstDivergence: 0,
              },
            },
          ],
        },
      },
    });
    const rest = await ask(app, COMPARE, { ...ids, kinds: ['UNSCORED'] });
    expect(rest.data).toMatchObject({
      compareEvaluations: {
        items: { edges: [{ node: { position: 2, candidateItem: null, candidateText: null } }] },
      },
    });
  });

  test('pairs nothing of what was measured otherwise', async ({ app }) => {
    const dataset = await makeDataset(app);
    const baseline = await makeJudged(app, dataset, [true]);
    const candidate = await makeJudged(app, dataset, [false], { judge: 'gemma' });
    const { data } = await ask(app, COMPARE, { baseline: baseline.id, candidate: candidate.id });
    expect(data).toMatchObject({
      compareEvaluations: {
        comparable: false,
        notComparableBecause: [expect.stringContaining('gemma@1')],
        statistics: null,
        slices: [],
        counts: { broken: 0, unscored: 0 },
        items: { edges: [] },
      },
    });
  });

  test('is null without one of the two', async ({ app }) => {
    const variables = { baseline: randomUUIDv7(), candidate: 'x' };
    expect((await ask(app, COMPARE, variables)).data).toEqual({ compareEvaluations: null });
  });

  test('names a bad cursor', async ({ app }) => {
    const { id } = await makeJudged(app, await makeDataset(app), [true]);
    const { errors } = await ask(app, COMPARE, { baseline: id, candidate: id, after: 'x' });
    expect(errors?.[0]?.message).toContain('no cursor of this list');
  });
});

const FLIPS = `query ($ids: [ID!]!, $first: Int) {
  flipMatrix(evaluationIds: $ids, first: $first) {
    totalCount unstableCount
    pageInfo { hasNextPage }
    edges { node { position cells instability prompt trace { id } setItem { id } } }
  }
}`;

describe('flipMatrix', () => {
  test('answers with items against evaluations', async ({ app }) => {
    const dataset = await makeDataset(app);
    const one = await makeJudged(app, dataset, [true, true]);
    const two = await makeJudged(app, dataset, [true, false]);
    const ids = [one, two].map(({ id }) => globalId('Evaluation', id));
    expect(await ask(app, FLIPS, { ids, first: 1 })).toEqual({
      data: {
        flipMatrix: {
          totalCount: 2,
          unstableCount: 1,
          pageInfo: { hasNextPage: true },
          edges: [
            {
              node: {
                position: 4,
                cells: ['CORRECT', 'WRONG'],
                instability: 1,
                prompt: expect.any(String),
                trace: { id: globalId('Trace', dataset.items[4]?.traceId ?? '') },
                setItem: null,
              },
            },
          ],
        },
      },
    });
  });

  test('names what cannot be compared', async ({ app }) => {
    const one = await makeJudged(app, await makeDataset(app), [true]);
    const two = await makeJudged(app, await makeDataset(app), [true]);
    const { errors } = await ask(app, FLIPS, { ids: [one.id, two.id] });
    expect(errors?.[0]?.message).toContain('datasets differ in content');
    expect((await ask(app, FLIPS, { ids: ['x'] })).errors?.[0]?.message).toContain('not the id');
  });
});
