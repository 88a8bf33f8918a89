import { graphql } from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { contentHash } from '../server/lib/canonical.ts';
import { contextOf, LOCAL, VIEWER } from '../server/test/actors.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = (
  app: App,
  source: string,
  variableValues: Record<string, unknown>,
  actor: Actor = LOCAL,
) => graphql({ schema, source, variableValues, contextValue: contextOf(app, actor) });

const NOBODY = '01999999-0000-7000-8000-000000000000';

describe('provenance', () => {
  const source = `query ($of: ID!) { provenance(of: $of) {
    of sha256 document chain { kind title id digest facts { name value } }
  } }`;

  test('shows the document, its digest and the chain', async ({ app }) => {
    const dataset = await makeDataset(app);
    const of = globalId('Dataset', dataset.id);
    const { data } = await ask(app, source, { of });
    const found = data?.provenance as never as { sha256: string; document: unknown };
    expect(found.sha256).toBe(contentHash(found.document));
    expect(found).toMatchObject({
      of,
      chain: [
        { kind: 'DATASET', title: dataset.key, id: of, digest: dataset.contentHash },
        { kind: 'TRACES', id: null },
        { kind: 'SOURCE', id: null, digest: null },
      ],
    });
  });

  test('is null for nothing, and refuses what has none', async ({ app }) => {
    expect((await ask(app, source, { of: globalId('Run', NOBODY) })).data?.provenance).toBeNull();
    for (const [of, code] of [
      [globalId('Runner', NOBODY), 'BAD_VALUE'],
      ['x', 'BAD_ID'],
    ]) {
      expect((await ask(app, source, { of })).errors).toMatchObject([{ extensions: { code } }]);
    }
  });
});

describe('lineage', () => {
  const source = `query ($of: ID!, $direction: LineageDirection!, $depth: Int) {
    lineage(of: $of, direction: $direction, depth: $depth) {
      truncated nodes { id kind title } edges { from to relation }
    } }`;

  test('shows what came of a thing', async ({ app }) => {
    const dataset = await makeDataset(app);
    const run = await makeRun(app, dataset.id, { name: 'one' });
    const [from, to] = [globalId('Dataset', dataset.id), globalId('Run', run.id)];
    expect(await ask(app, source, { of: from, direction: 'DOWN' })).toMatchObject({
      data: {
        lineage: {
          truncated: false,
          nodes: [{ id: from }, { id: to, kind: 'RUN', title: `#${run.number} one` }],
          edges: [{ from, to, relation: 'used by' }],
        },
      },
    });
  });

  test('refuses what it does not know', async ({ app }) => {
    const bad = [{ extensions: { code: 'BAD_VALUE' } }];
    const direction = 'UP';
    const runner = { of: globalId('Runner', NOBODY), direction };
    expect((await ask(app, source, runner)).errors).toMatchObject(bad);
    const deep = { of: globalId('Run', NOBODY), direction, depth: 11 };
    expect((await ask(app, source, deep)).errors).toMatchObject(bad);
  });
});

describe('reproduceRun', () => {
  const source = `mutation ($input: ReproduceRunInput!) { reproduceRun(input: $input) {
    __typename
    ... on ReproduceRunPayload { run { reproduces { id } reproduction { configEqual } } }
    ... on Error { code }
  } }`;

  test('queues a run that knows what it repeats', async ({ app }) => {
    const dataset = await makeDataset(app);
    const dry = await makeRun(app, dataset.id, { mode: 'DRY_RUN' });
    const answer = async (runId: string) =>
      (await ask(app, source, { input: { runId } })).data?.reproduceRun;
    expect(await answer(globalId('Run', dry.id))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await answer('x')).toMatchObject({ code: 'NOT_FOUND' });
    const again = await makeRun(app, dataset.id, { reproducesId: dry.id });
    const { data } = await ask(
      app,
      `query ($id: ID!) { node(id: $id) { ... on Run {
        reproduces { id reproductions { id } } reproduction { configEqual versions { name } metrics { name delta } weights { kind equal } predictionsEqual }
      } } }`,
      { id: globalId('Run', again.id) },
    );
    expect(data?.node).toMatchObject({
      reproduces: {
        id: globalId('Run', dry.id),
        reproductions: [{ id: globalId('Run', again.id) }],
      },
      reproduction: { configEqual: true, versions: [], weights: [], predictionsEqual: null },
    });
  });

  test('needs the scope write', async ({ app }) => {
    const { data, errors } = await ask(app, source, { input: { runId: 'x' } }, VIEWER);
    expect([data, errors?.length]).toEqual([null, 1]);
  });
});
