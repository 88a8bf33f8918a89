import { randomUUIDv7 } from 'node:crypto';
import { graphql, parse, subscribe } from 'graphql';
import type { App } from '../server/app.ts';
import { checkDataset } from '../server/datasets/checks/check.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeEvaluationSet } from '../server/test/make.ts';
import { makeDatasetCheck, makeDatasetOf } from '../server/test/makeItems.ts';
import { withStandIn } from '../server/test/rig.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId, localId } from './ids.ts';
import { schema } from './index.ts';

type Answer = { data?: Record<string, never> | null };

const ask = async (app: App, source: string, variableValues: object = {}) => {
  const contextValue = contextOf(app);
  const { data, errors } = await graphql({
    schema,
    source,
    contextValue,
    variableValues: variableValues as Record<string, unknown>,
  });
  expect(errors).toBeUndefined();
  return data as NonNullable<Answer['data']> & Record<string, unknown>;
};

const CHECK = `mutation Check($input: CheckDatasetInput!) {
  checkDataset(input: $input) {
    __typename
    ... on CheckDatasetPayload {
      check { id status modelId maxTokens maxChars tokensChecked tokensNote counts { found } dataset { key } }
    }
    ... on Error { code message }
    ... on ValidationError { issues { path code } }
  }
}`;

const DATASET = `query Dataset($key: String!, $codes: [FindingCode!], $waived: Boolean, $first: Int, $after: String) {
  dataset(key: $key) {
    checks { totalCount edges { node { id } } }
    latestCheck {
      id status modelId tokensChecked tokensNote error
      counts { code severity found waived }
      findings(codes: $codes, waived: $waived, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { node {
          id code severity position message data check { id }
          trace { id } relatedTrace { id } evaluationItem { itemId } waiver { reason }
        } }
      }
    }
  }
}`;

type Latest = {
  latestCheck: { id: string; findings: { edges: { node: { check: { id: string } } }[] } };
};
type Finding = { id: string; code: string; position: number; waiver: { reason: string } | null };
type Page = {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string };
  edges: { node: Finding }[];
};

const findings = async (app: App, variables: object) => {
  const { dataset } = (await ask(app, DATASET, variables)) as unknown as {
    dataset: { latestCheck: { findings: Page } };
  };
  const { findings: page } = dataset.latestCheck;
  return { ...page, nodes: page.edges.map(({ node }) => node) };
};

/** Three findings of three rules on a new dataset, checked. */
async function makeChecked(app: App) {
  const rig = await withStandIn(app);
  const prompt = `Which river runs through town ${randomUUIDv7()}?`;
  await makeEvaluationSet(app, [{ prompt }]);
  const dataset = await makeDatasetOf(app, [
    { prompt, steps: ['…', '7'] },
    { prompt: `What else is there in ${randomUUIDv7()}?`, steps: ['8', '8', '7'] },
  ]);
  const { checkDataset: answer } = (await ask(rig, CHECK, {
    input: { datasetKey: dataset.key },
  })) as unknown as { checkDataset: { check: { id: string } } };
  await checkDataset(
    rig,
    localId('DatasetCheck', answer.check.id) ?? '',
    AbortSignal.timeout(60_000),
  );
  return dataset;
}

describe('checkDataset', () => {
  test('answers with the pending check', async ({ app }) => {
    const { key } = await makeDatasetOf(app, [{ prompt: 'Name a tree.' }]);
    const input = { datasetKey: key, modelId: 'qwen3-tiny', maxTokens: 100 };
    expect(await ask(app, CHECK, { input })).toMatchObject({
      checkDataset: {
        check: {
          status: 'PENDING',
          modelId: 'qwen3-tiny',
          maxTokens: 100,
          maxChars: 400,
          tokensChecked: false,
          tokensNote: null,
          counts: [],
          dataset: { key },
        },
      },
    });
  });

  test('answers with each of its errors', async ({ app }) => {
    const answers = async (input: object) => (await ask(app, CHECK, { input })).checkDataset;
    expect(await answers({ datasetKey: 'none-1' })).toMatchObject({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
    });
    expect(await answers({ datasetKey: 'none-1', maxTokens: 0 })).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['maxTokens'], code: 'TOO_SMALL' }],
    });
  });
});

describe('a dataset', () => {
  test('shows its newest check with counts and findings', async ({ app }) => {
    const dataset = await makeChecked(app);
    const traceOf = (position: number) => ({
      id: globalId('Trace', dataset.traceIds[position] ?? ''),
    });
    const { dataset: shown } = await ask(app, DATASET, { key: dataset.key });
    expect(shown).toMatchObject({
      checks: { totalCount: 1 },
      latestCheck: {
        status: 'COMPLETED',
        modelId: 'qwen3-tiny',
        tokensChecked: true,
        tokensNote: null,
        error: null,
        findings: {
          totalCount: 3,
          edges: [
            {
              node: {
                code: 'EMPTY_STEP',
                severity: 'ERROR',
                position: 0,
                message: 'Step 1 says nothing: only spaces or punctuation.',
                data: { steps: [1] },
                trace: traceOf(0),
                relatedTrace: null,
                evaluationItem: null,
                waiver: null,
              },
            },
            { node: { code: 'EVALUATION_LEAKAGE', evaluationItem: { itemId: 'item-0' } } },
            { node: { code: 'REPEATED_STEP', position: 1, trace: traceOf(1) } },
          ],
        },
      },
    });
    const { counts } = (shown as unknown as { latestCheck: { counts: object[] } }).latestCheck;
    const { latestCheck } = shown as unknown as Latest;
    for (const { node } of latestCheck.findings.edges) expect(node.check.id).toBe(latestCheck.id);
    expect(counts).toHaveLength(9);
    expect(counts).toContainEqual({ code: 'EMPTY_STEP', severity: 'ERROR', found: 1, waived: 0 });
  });

  test('has a next version without what its check found', async ({ app }) => {
    const { key } = await makeChecked(app);
    const { dataset } = await ask(app, DATASET, { key });
    const { latestCheck } = dataset as unknown as Latest;
    const matching = async (exclude: object) => {
      const selection = await ask(
        app,
        `query Next($filter: DatasetFilter, $exclude: ExcludeInput) {
          datasetSelection(filter: $filter, exclude: $exclude) { matching }
        }`,
        { filter: { datasetKey: key }, exclude },
      );
      return (selection.datasetSelection as unknown as { matching: number }).matching;
    };
    const all = await matching({});
    expect(await matching({ checkId: latestCheck.id })).toBe(all - 2);
    expect(await matching({ checkId: latestCheck.id, codes: ['REPEATED_STEP'] })).toBe(all - 1);
  });

  test('that was never checked has none', async ({ app }) => {
    const { key } = await makeDatasetOf(app, [{ prompt: 'Name a bush.' }]);
    expect(await ask(app, DATASET, { key })).toEqual({
      dataset: { checks: { totalCount: 0, edges: [] }, latestCheck: null },
    });
  });

  test('shows the newest of several', async ({ app }) => {
    const { id, key, traceIds } = await makeDatasetOf(app, [{ prompt: 'Name a moss.' }]);
    const made = [];
    for (let i = 0; i < 3; i++) made.push(await makeDatasetCheck(app, id, traceIds[0] ?? ''));
    const ids = made.map((check) => globalId('DatasetCheck', check.id)).toReversed();
    expect(await ask(app, DATASET, { key })).toMatchObject({
      dataset: {
        checks: { edges: ids.map((check) => ({ node: { id: check } })) },
        latestCheck: { id: ids[0] },
      },
    });
  });
});

describe('findings', () => {
  test('go in pages', async ({ app }) => {
    const { key } = await makeChecked(app);
    const first = await findings(app, { key, first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await findings(app, { key, first: 2, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map(({ code }) => code)).toEqual([
      'EMPTY_STEP',
      'EVALUATION_LEAKAGE',
      'REPEATED_STEP',
    ]);
  });

  test('can be those of some rules', async ({ app }) => {
    const { key } = await makeChecked(app);
    const some = await findings(app, { key, codes: ['REPEATED_STEP', 'NEAR_DUPLICATE'] });
    expect(some.totalCount).toBe(1);
    expect(some.nodes.map(({ code }) => code)).toEqual(['REPEATED_STEP']);
    expect((await findings(app, { key, codes: [] })).nodes).toEqual([]);
  });

  test('can be the waived ones or the others', async ({ app }) => {
    const { key } = await makeChecked(app);
    const [one] = (await findings(app, { key })).nodes;
    const waive = `mutation ($input: WaiveFindingInput!) {
      waiveFinding(input: $input) {
        ... on WaiveFindingPayload { finding { id waiver { reason } } }
        ... on Error { code }
      }
    }`;
    expect(await ask(app, waive, { input: { id: one?.id, reason: 'Meant.' } })).toEqual({
      waiveFinding: { finding: { id: one?.id, waiver: { reason: 'Meant.' } } },
    });
    const waived = await findings(app, { key, waived: true });
    expect(waived).toMatchObject({ totalCount: 1, nodes: [{ id: one?.id }] });
    const others = await findings(app, { key, waived: false });
    expect(others.nodes.map(({ code }) => code)).toEqual(['EVALUATION_LEAKAGE', 'REPEATED_STEP']);
    const unwaive = `mutation ($input: UnwaiveFindingInput!) {
      unwaiveFinding(input: $input) {
        ... on UnwaiveFindingPayload { finding { waiver { reason } } }
        ... on Error { code }
      }
    }`;
    expect(await ask(app, unwaive, { input: { id: one?.id } })).toEqual({
      unwaiveFinding: { finding: { waiver: null } },
    });
    expect(await ask(app, unwaive, { input: { id: 'nonsense' } })).toEqual({
      unwaiveFinding: { code: 'NOT_FOUND' },
    });
    expect(await ask(app, waive, { input: { id: one?.id, reason: '' } })).toEqual({
      waiveFinding: { code: 'VALIDATION' },
    });
  });
});

describe('datasetCheckChanged', () => {
  const follow = async (app: App, id: string) => {
    const document = parse(`subscription { datasetCheckChanged(id: "${id}") { id status } }`);
    const stream = await subscribe({ schema, document, contextValue: contextOf(app) });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    return stream;
  };

  test('tells the state now, each change, and ends at the end', async ({ app }) => {
    const rig = await withStandIn(app);
    const { key } = await makeDatasetOf(app, [{ prompt: 'Name a fern.' }]);
    const answer = await ask(app, CHECK, { input: { datasetKey: key } });
    const { id } = (answer as unknown as { checkDataset: { check: { id: string } } }).checkDataset
      .check;
    const stream = await follow(app, id);
    const told = (status: string) => ({ data: { datasetCheckChanged: { id, status } } });
    expect((await stream.next()).value).toEqual(told('PENDING'));
    await checkDataset(rig, localId('DatasetCheck', id) ?? '', AbortSignal.timeout(60_000));
    const rest = [];
    for await (const each of stream) rest.push(each);
    expect(rest.at(-1)).toEqual(told('COMPLETED'));
  });

  test('of a check that does not exist ends at once', async ({ app }) => {
    for (const id of [globalId('DatasetCheck', randomUUIDv7()), 'nonsense']) {
      expect(await (await follow(app, id)).next()).toMatchObject({ done: true });
    }
  });
});
