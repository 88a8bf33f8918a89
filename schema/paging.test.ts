import { graphql } from 'graphql';
import type { App } from '../server/app.ts';
import { contextOf } from '../server/test/actors.ts';
import { makeDataset, makeRun, makeTrace } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { schema } from './index.ts';

const ask = (app: App, source: string, variableValues: Record<string, unknown> = {}) =>
  graphql({
    schema,
    source,
    variableValues,
    contextValue: contextOf(app),
  });

type Page = {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string; startCursor: string };
  totalCount: number;
};

const TRACES = `query ($first: Int, $after: String, $last: Int, $before: String, $sources: [String!]) {
  traces(first: $first, after: $after, last: $last, before: $before, filter: { sources: $sources }) {
    totalCount
    pageInfo { hasNextPage endCursor startCursor }
    edges { cursor node { id } }
  }
}`;

const tracesPage = async (
  app: App,
  { source, ...page }: Record<string, unknown> & { source: string },
): Promise<Page> => {
  const { data, errors } = await ask(app, TRACES, { ...page, sources: [source] });
  expect(errors).toBeUndefined();
  return data?.traces as Page;
};

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SOME = '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f';

const isConnection = (args: readonly { name: string }[]) =>
  ['first', 'after', 'last', 'before'].every((name) => args.some((arg) => arg.name === name));

const connections = Object.values(schema.getTypeMap()).flatMap((type) =>
  'getFields' in type
    ? Object.values(type.getFields())
        .filter((field) => 'args' in field && isConnection(field.args))
        .map((field) => ({ name: `${type.name}.${field.name}`, field }))
    : [],
);

describe('a page', () => {
  test.for([
    [{ first: 101 }, /^first: 101 is not 1–100/],
    [{ first: 0 }, /^first: 0 is not 1–100/],
    [{ first: -1 }, /^first: -1 is not 1–100/],
    [{ first: 2_147_483_647 }, /^first: \d+ is not 1–100/],
    [{ last: 101 }, /^last: 101 is not 1–100/],
    [{ last: -1 }, /^last: -1 is not 1–100/],
    [{ first: 1, last: 1 }, /forwards .* or backwards .*, not both/],
    [{ first: 1, before: base64(`GPC:S:${SOME}`) }, /not both/],
    [{ after: base64(`GPC:S:${SOME}`), before: base64(`GPC:S:${SOME}`) }, /not both/],
    [{ after: 'zzz' }, /no cursor of this list/],
    [{ after: '' }, /no cursor of this list/],
    [{ before: base64('GPC:S:1') }, /no cursor of this list/],
    [{ after: base64('GPC:S:\0') }, /no cursor of this list/],
    [{ after: base64('GPC:J:["a"]') }, /no cursor of this list/],
    [{ after: base64(`GPC:T:["S:${SOME}","N:1"]`) }, /no cursor of this list/],
  ] as const)('refuses %j', async ([variables, message], { app }) => {
    const { data, errors } = await ask(app, TRACES, variables);
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(message), extensions: { code: 'BAD_VALUE' } },
    ]);
  });

  test.for([
    'first: 101',
    'first: 1, last: 1',
    `after: "${base64(`GPC:S:${SOME}`)}"`,
    `after: "${base64('GPC:J:["a"]')}"`,
  ])('of items refuses %s, however deep it stands', async (args, { app }) => {
    const source = `{ datasets { edges { node { items(${args}) { totalCount } } } } }`;
    const { errors } = await ask(app, source);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_VALUE' } }]);
  });

  test.for(connections)('of $name has at most 100 rows, which is counted', ({ field }) => {
    const cost = field.extensions.complexity as (args: object) => unknown;
    expect(() => cost({ first: 101 })).toThrow('first: 101 is not 1–100');
    expect(cost({ first: 100 })).toEqual({ field: 1, multiplier: 10 });
    expect(cost({ last: 10 })).toEqual({ field: 1, multiplier: 1 });
    expect(cost({})).toEqual({ field: 1, multiplier: 2 });
  });

  test('is asked for by every connection there is', () => {
    expect(connections.length).toBeGreaterThan(6);
  });
});

describe('paging through', () => {
  test('meets each row once while others come in', async ({ app }) => {
    const source = 'paged';
    const old = new Set<string>();
    for (let i = 0; i < 23; i++) old.add((await makeTrace(app, { source })).id);
    const met: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await tracesPage(app, { source, first: 5, after });
      met.push(...page.edges.map(({ node }) => Buffer.from(node.id, 'base64').toString().slice(6)));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
      await makeTrace(app, { source });
    }
    expect(met.length).toBe(old.size);
    expect(new Set(met)).toEqual(old);
  });

  test('loses nothing among rows of the same moment', async ({ app }) => {
    const source = 'same moment';
    for (let i = 0; i < 7; i++) await makeTrace(app, { source });
    await app.db.trace.updateMany({ where: { source }, data: { createdAt: new Date(0) } });
    const forwards: string[] = [];
    let after: string | undefined;
    do {
      const page = await tracesPage(app, { source, first: 2, after });
      forwards.push(...page.edges.map(({ node }) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
    } while (after);
    expect(new Set(forwards).size).toBe(7);
    const back = await tracesPage(app, { source, last: 3 });
    expect(back.edges.map(({ node }) => node.id)).toEqual(forwards.slice(-3));
    const before = await tracesPage(app, { source, last: 2, before: back.pageInfo.startCursor });
    expect(before.edges.map(({ node }) => node.id)).toEqual(forwards.slice(2, 4));
  });

  test('counts the whole list, by the filter', async ({ app }) => {
    for (let i = 0; i < 3; i++) await makeTrace(app, { source: 'counted' });
    const page = await tracesPage(app, { source: 'counted', first: 1 });
    expect(page).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(page.edges.length).toBe(1);
  });

  test('reads the items of a dataset in order, by side', async ({ app }) => {
    const { key } = await makeDataset(app, { train: 3, eval: 1, test: 2 });
    const source = `query ($key: String!, $after: String, $split: Split) {
      dataset(key: $key) {
        items(first: 2, after: $after, split: $split) {
          totalCount edges { cursor node { position split } } pageInfo { endCursor hasNextPage }
        }
      }
    }`;
    type Items = { dataset: { items: Page } };
    const first = (await ask(app, source, { key })).data as Items;
    const after = first.dataset.items.pageInfo.endCursor;
    expect((await ask(app, source, { key, after })).data).toMatchObject({
      dataset: { items: { edges: [{ node: { position: 2 } }, { node: { position: 3 } }] } },
    });
    expect((await ask(app, source, { key, split: 'TEST' })).data).toMatchObject({
      dataset: {
        items: { totalCount: 2, edges: [{ node: { position: 4 } }, { node: { position: 5 } }] },
      },
    });
  });
});

describe('an operation that asks for too much', () => {
  const refused = [{ extensions: { code: 'TOO_COMPLEX' } }];
  const runs = (inner: string) => `runs(first: 100) { edges { node { ${inner} } } }`;

  test('is refused for its rows, before any is read', async ({ app }) => {
    await makeRun(app, (await makeDataset(app)).id);
    expect((await ask(app, `{ ${runs('id')} }`)).errors).toBeUndefined();
    const { data, errors } = await ask(app, `{ ${runs(`dataset { ${runs('id')} }`)} }`);
    expect(data).toBeNull();
    expect(errors).toMatchObject(refused);
  });

  test('is refused for its rows behind a variable and a fragment', async ({ app }) => {
    const source = `query ($n: Int) { runs(first: $n) { edges { node { ...deep } } } }
      fragment deep on Run { dataset { runs(first: $n) { edges { node { id } } } } }`;
    expect((await ask(app, source, { n: 5 })).errors).toBeUndefined();
    expect((await ask(app, source, { n: 100 })).errors).toMatchObject(refused);
  });

  test('is refused for its aliases', async ({ app }) => {
    const aliases = Array.from({ length: 501 }, (_, index) => `a${index}: health { ok }`);
    expect((await ask(app, `{ ${aliases.join(' ')} }`)).errors).toMatchObject([
      { message: expect.stringContaining('breadth'), ...refused[0] },
    ]);
  });

  test('is refused for its depth', async ({ app }) => {
    const deep = (n: number): string => (n === 0 ? 'key' : `parent { ${deep(n - 1)} }`);
    expect((await ask(app, `{ dataset(key: "x") { ${deep(10)} } }`)).errors).toBeUndefined();
    expect((await ask(app, `{ dataset(key: "x") { ${deep(15)} } }`)).errors).toMatchObject([
      { message: expect.stringContaining('depth'), ...refused[0] },
    ]);
  });
});
