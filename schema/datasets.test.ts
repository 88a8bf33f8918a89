import type { App } from '../server/app.ts';
import { openServer } from '../server/test/http.ts';
import { makePayload } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { createTraces } from '../server/traces/create.ts';
import { globalId } from './ids.ts';

const store = async (app: App, tags: string[], payloads: object[]) => {
  const results = await createTraces(app, { traces: payloads, mode: 'ALL_OR_NOTHING', tags });
  return results.map(({ stored }) => globalId('Trace', stored?.id ?? ''));
};

const payloads = (count: number) => Array.from({ length: count }, () => makePayload());

const BUILD = `mutation Build($input: BuildDatasetInput!) { buildDataset(input: $input) {
  ... on BuildDatasetPayload { dataset { key itemCount recipe } }
  ... on ValidationError { issues { path code } }
  ... on ConflictError { message } } }`;

describe('a dataset over GraphQL', () => {
  test('is what its selection showed, without what is left out', async ({ app }) => {
    const [left, ...rest] = await store(app, ['shown'], payloads(8));
    await using server = await openServer(app);
    const recipe = { filter: { tags: ['shown'] }, exclude: { traceIds: [left] } };
    const shown = await server.ask(
      `query Shown($filter: DatasetFilter, $exclude: ExcludeInput) {
        datasetSelection(filter: $filter, exclude: $exclude) {
          matching taken trainCount evalCount testCount stats { avgStepCount }
          sample { split trace { id } } } }`,
      recipe,
    );
    const { datasetSelection } = shown.data as {
      datasetSelection: { sample: { trace: { id: string } }[] } & Record<string, number>;
    };
    expect(datasetSelection).toMatchObject({ matching: 7, taken: 7, stats: { avgStepCount: 1 } });
    const { trainCount = 0, evalCount = 0, testCount = 0, sample } = datasetSelection;
    expect(trainCount + evalCount + testCount).toBe(7);
    expect(new Set(sample.map(({ trace }) => trace.id))).toEqual(new Set(rest));
    const built = await server.ask(BUILD, { input: { name: 'shown', version: '1', ...recipe } });
    expect(built.data).toMatchObject({ buildDataset: { dataset: { itemCount: 7 } } });
    const bad = await server.ask(BUILD, {
      input: { name: 'shown', version: '2', exclude: { findingIds: ['x'] } },
    });
    expect(bad.data).toEqual({
      buildDataset: { issues: [{ path: ['exclude', 'findingIds', '0'], code: 'INVALID' }] },
    });
  });

  test('knows its versions, its children and what differs from its parent', async ({ app }) => {
    await store(app, ['v1', 'v2'], payloads(3));
    await store(app, ['v2'], payloads(2));
    await using server = await openServer(app);
    for (const version of ['1', '2']) {
      const parentKey = version === '2' ? 'family-1' : null;
      const filter = { tags: [`v${version}`] };
      await server.ask(BUILD, { input: { name: 'family', version, filter, parentKey } });
    }
    const { data, errors } = await server.ask(`{
      parent: dataset(key: "family-1") { diffFromParent { addedCount }
        children { totalCount edges { node { key } } } versions { key } }
      child: dataset(key: "family-2") { manifest diffFromParent { addedCount removedCount
        from { key } to { key } } }
      datasets(filter: { name: "family", text: "LY-2" }) { totalCount edges { node { key } } }
      datasetDiff(from: "family-1", to: "none-1") { addedCount }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      parent: {
        diffFromParent: null,
        children: { totalCount: 1, edges: [{ node: { key: 'family-2' } }] },
        versions: [{ key: 'family-2' }, { key: 'family-1' }],
      },
      child: {
        manifest: { dataset_key: 'family-2', parent_dataset_id: 'family-1' },
        diffFromParent: {
          addedCount: 2,
          removedCount: 0,
          from: { key: 'family-1' },
          to: { key: 'family-2' },
        },
      },
      datasets: { totalCount: 1, edges: [{ node: { key: 'family-2' } }] },
      datasetDiff: null,
    });
  });

  test('pages the differences with the items on both sides', async ({ app }) => {
    const versions = (answer: string) =>
      ['a', 'b', 'c'].map((prompt) =>
        makePayload({ prompt: `paged ${prompt}`, final_answer: answer }),
      );
    await store(app, ['before'], versions('before'));
    await store(app, ['after'], [...versions('after'), makePayload()]);
    await using server = await openServer(app);
    for (const name of ['before', 'after']) {
      await server.ask(BUILD, { input: { name, version: '1', filter: { tags: [name] } } });
    }
    const page = async (after: string | null) => {
      const { data, errors } = await server.ask(
        `query Page($after: String) { datasetDiff(from: "before-1", to: "after-1") {
          changedCount addedCount
          entries(first: 2, after: $after, kinds: [CHANGED, ADDED]) {
            totalCount edges { node { kind from { trace { finalAnswer } } to { trace { prompt } } } }
            pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
        { after },
      );
      expect(errors).toBeUndefined();
      return (data as { datasetDiff: Page }).datasetDiff;
    };
    type Page = {
      entries: {
        edges: { node: { kind: string; from: object | null } }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
      };
    };
    const first = await page(null);
    expect(first).toMatchObject({ changedCount: 3, addedCount: 1, entries: { totalCount: 4 } });
    expect(first.entries.edges[0]?.node).toMatchObject({
      kind: 'CHANGED',
      from: { trace: { finalAnswer: 'before' } },
      to: { trace: { prompt: expect.stringContaining('paged') } },
    });
    expect(first.entries.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await page(first.entries.pageInfo.endCursor);
    expect(second.entries.edges.map(({ node }) => node.kind)).toEqual(['CHANGED', 'ADDED']);
    expect(second.entries.edges[1]?.node.from).toBeNull();
    expect(second.entries.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    for (const args of ['after: "eA=="', 'first: 101']) {
      const { errors } = await server.ask(
        `{ datasetDiff(from: "before-1", to: "after-1") { entries(${args}) { edges { cursor } } } }`,
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_VALUE' } }]);
    }
  });

  test('has a build that can be looked at', async ({ app }) => {
    await store(app, ['built'], payloads(1));
    await using server = await openServer(app);
    await server.ask(BUILD, {
      input: { name: 'built', version: '1', filter: { tags: ['built'] } },
    });
    const { data } = await server.ask(`{
      datasetBuild(key: "built-1") { key phase done total error interrupted dataset { key } }
      never: datasetBuild(key: "never-1") { phase }
    }`);
    expect(data).toEqual({
      datasetBuild: {
        key: 'built-1',
        phase: 'COMPLETED',
        done: 1,
        total: 1,
        error: null,
        interrupted: false,
        dataset: { key: 'built-1' },
      },
      never: null,
    });
  });
});

describe('compareTraces', () => {
  test('shows both solutions with the steps that differ', async ({ app }) => {
    const steps = (content: string) => [
      { i: 0, type: 'think', content: 'A power of two' },
      { i: 1, type: 'compute', content },
    ];
    const [base, other] = await store(
      app,
      [],
      [
        makePayload({ steps: steps('2^5 = 32'), final_answer: '32' }),
        makePayload({ steps: steps('2^9 = 512'), final_answer: '512' }),
      ],
    );
    await using server = await openServer(app);
    const { data, errors } = await server.ask(
      `query Compare($base: ID!, $other: ID!) {
        compareTraces(base: $base, other: $other) {
          base { id } other { id } baseScore otherScore answerChanged
          counts { same reworded changed inserted deleted }
          pairs { kind baseIndex otherIndex }
          firstDivergence { base { content } other { content } valueConflicts { pair base other } }
          valueConflicts { pair base other } }
        none: compareTraces(base: $base, other: "x") { answerChanged } }`,
      { base, other },
    );
    expect(errors).toBeUndefined();
    const valueConflicts = [
      { pair: 1, base: '2^5', other: '2^9' },
      { pair: 1, base: '32', other: '512' },
    ];
    expect(data).toMatchObject({
      compareTraces: {
        base: { id: base },
        other: { id: other },
        baseScore: 11.1,
        otherScore: 11.15,
        answerChanged: true,
        counts: { same: 1, reworded: 0, changed: 1, inserted: 0, deleted: 0 },
        pairs: [
          { kind: 'SAME', baseIndex: 0, otherIndex: 0 },
          { kind: 'CHANGED', baseIndex: 1, otherIndex: 1 },
        ],
        firstDivergence: {
          base: { content: '2^5 = 32' },
          other: { content: '2^9 = 512' },
          valueConflicts,
        },
        valueConflicts,
      },
      none: null,
    });
  });
});

describe('generateUngarTraces', () => {
  test('plays, stores and shows', async ({ app }) => {
    await using server = await openServer(app);
    const generate = (input: string) =>
      server.ask(`mutation { generateUngarTraces(input: { ${input} }) {
        ... on GenerateUngarTracesPayload { seed created duplicates traces { source }
          preview { seed myCard opponentCard result prompt finalAnswer steps { type } } }
        ... on ValidationError { issues { path code } } } }`);
    const first = await generate('count: 2, seed: 42');
    expect(first.data).toMatchObject({
      generateUngarTraces: {
        seed: 42,
        created: 2,
        duplicates: 0,
        traces: [{ source: 'ungar' }, { source: 'ungar' }],
        preview: [
          { seed: 42, myCard: 'TS', opponentCard: 'JH', result: 'LOSS', finalAnswer: 'reveal' },
          { seed: 43, myCard: '2H', opponentCard: 'QH', result: 'LOSS' },
        ],
      },
    });
    const shown = await generate('count: 1, seed: 42, variant: DECISION, persist: false');
    expect(shown.data).toMatchObject({
      generateUngarTraces: { created: 0, traces: [], preview: [{ myCard: 'TS' }] },
    });
    expect((await generate('count: 101')).data).toEqual({
      generateUngarTraces: { issues: [{ path: ['count'], code: 'TOO_LARGE' }] },
    });
    const { data } = await server.ask('{ ungarStatus { available version games } }');
    expect(data).toEqual({
      ungarStatus: { available: true, version: '1.0.0', games: ['high_card_duel'] },
    });
  });
});
