/** What the audit log has of what was asked of the API, and who may read it. */
import {
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  graphql,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import type { Actor } from '../server/access/actor.ts';
import type { App } from '../server/app.ts';
import { ANONYMOUS, contextOf, LOCAL, MEMBER, VIEWER } from '../server/test/actors.ts';
import { makeDataset, makeRun } from '../server/test/make.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { schema } from './index.ts';

const ask = (app: App, source: string, actor: Actor = LOCAL, variableValues = {}) =>
  graphql({
    schema,
    source,
    variableValues,
    contextValue: {
      ...contextOf(app, actor),
      call: { requestId: `test ${actor.name}`, address: '10.0.0.1', client: 'notebook' },
    },
  });

/** The entries of an action, newest first. */
const entriesOf = (app: App, action: string) =>
  app.db.auditEntry.findMany({ where: { action }, orderBy: [{ at: 'desc' }, { id: 'desc' }] });

const CREATE = `mutation ($input: CreateTraceInput!) { createTrace(input: $input) {
  __typename ... on CreateTracePayload { trace { id } } } }`;

const trace = (prompt: string) => ({
  tags: ['arithmetic'],
  trace: {
    trace_version: '1.0',
    prompt,
    final_answer: 'a secret answer',
    steps: [{ i: 0, type: 'thought', content: 'a secret step' }],
    meta: { password: 'x' },
  },
});

describe('a mutation', () => {
  test('is recorded with who, what and how it ended, and without its texts', async ({ app }) => {
    const input = trace('a secret prompt');
    const { data, errors } = await ask(app, CREATE, MEMBER, { input });
    expect(errors).toBeUndefined();
    const [entry, ...others] = await entriesOf(app, 'createTrace');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      actorKind: 'USER',
      actorName: 'member@example.org',
      action: 'createTrace',
      target: (data as { createTrace: { trace: { id: string } } }).createTrace.trace.id,
      outcome: 'OK',
      requestId: 'test member@example.org',
      address: '10.0.0.1',
      client: 'notebook',
    });
    expect(entry?.detail).toMatchObject({
      tags: ['arithmetic'],
      trace: { prompt: '…', meta: '…' },
    });
    expect(JSON.stringify(entry?.detail)).not.toContain('secret');
  });

  test('that is answered with a typed error is recorded with its code and what it named', async ({
    app,
  }) => {
    const run = await makeRun(app, (await makeDataset(app)).id, { status: 'COMPLETED' });
    const target = globalId('Run', run.id);
    const source = `mutation { cancelRun(input: { runId: "${target}" }) { __typename } }`;
    expect((await ask(app, source)).data).toEqual({
      cancelRun: { __typename: 'InvalidStateError' },
    });
    expect(await entriesOf(app, 'cancelRun')).toMatchObject([
      { actorKind: 'LOCAL', target, outcome: 'INVALID_STATE', detail: { runId: target } },
    ]);
  });

  test.for([
    [VIEWER, 'FORBIDDEN'],
    [ANONYMOUS, 'UNAUTHENTICATED'],
  ] as const)('that %o may not do is recorded as refused', async ([actor, outcome], { app }) => {
    const target = globalId('Runner', '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f');
    const source = `mutation { drainRunner(input: { runnerId: "${target}", drain: true }) { __typename } }`;
    const { errors } = await ask(app, source, actor);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('the scope RUNNERS_WRITE'),
        extensions: { code: outcome },
      },
    ]);
    const [entry] = await entriesOf(app, 'drainRunner');
    expect(entry).toMatchObject({
      actorName: actor.name,
      target,
      outcome,
      detail: { drain: true },
    });
  });

  test.for([
    [new Error('no more disk'), 'INTERNAL'],
    [new Error('timeout exceeded when trying to connect'), 'UNAVAILABLE'],
  ] as const)(
    'that breaks by %s is recorded, and breaks as it would have',
    async ([error, outcome], { app }) => {
      const broken = { ...app, traceWriter: async () => Promise.reject(error) };
      const { errors } = await ask(broken, CREATE, LOCAL, { input: trace('another prompt') });
      expect(errors).toMatchObject([{ message: error.message }]);
      const [entry] = await entriesOf(app, 'createTrace');
      expect(entry).toMatchObject({ outcome, target: null });
    },
  );

  test('that cannot be recorded is not answered as if it were', async ({ app }) => {
    const record = async () => Promise.reject(new Error('the log is away'));
    const source = 'mutation { pauseQueue(input: { labels: [] }) { __typename } }';
    const { data, errors } = await ask({ ...app, audit: { record } }, source);
    expect({ data, errors }).toMatchObject({
      data: null,
      errors: [{ message: 'the log is away' }],
    });
    const refused = await ask({ ...app, audit: { record } }, source, VIEWER);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('beside others is recorded on its own', async ({ app }) => {
    const source = `mutation {
      a: resumeQueue(input: { labels: ["gpu"] }) { __typename }
      b: resumeQueue(input: { labels: ["no label"] }) { __typename }
    }`;
    await ask(app, source);
    expect(await entriesOf(app, 'resumeQueue')).toMatchObject([
      { detail: { labels: ['no label'] }, outcome: 'VALIDATION' },
      { detail: { labels: ['gpu'] }, outcome: 'OK' },
    ]);
  });
});

describe('every mutation', () => {
  test('is about one object, except where there are many or none', () => {
    const isNode = (type: GraphQLOutputType) => {
      const one = getNullableType(type);
      return isObjectType(one) && one.getInterfaces().some(({ name }) => name === 'Node');
    };
    const without = Object.values(schema.getMutationType()?.getFields() ?? {}).filter((field) => {
      const input = getNamedType(field.args[0]?.type);
      const ids = isInputObjectType(input) ? Object.values(input.getFields()) : [];
      const payload = schema.getType(
        `${field.name[0]?.toUpperCase()}${field.name.slice(1)}Payload`,
      );
      const parts = isObjectType(payload) ? Object.values(payload.getFields()) : [];
      return !(
        ids.some(({ type }) => getNamedType(type).name === 'ID') ||
        parts.some(({ type }) => isNode(type))
      );
    });
    expect(without.map(({ name }) => name).toSorted()).toEqual([
      'createTraces',
      'generateUngarTraces',
      'pauseQueue',
      'resumeQueue',
      'tryJudge',
    ]);
  });
});

const LOG = `query ($first: Int, $after: String, $filter: AuditFilter) {
  auditLog(first: $first, after: $after, filter: $filter) {
    edges { cursor node { id action actorKind actorName outcome detail target } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`;

type Log = {
  auditLog: {
    edges: { cursor: string; node: { id: string; action: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
};

describe('the audit log', () => {
  const record = (app: App, action: string, more: object = {}) =>
    app.audit.record({
      ...contextOf(app),
      action,
      target: null,
      outcome: 'OK',
      detail: {},
      ...more,
    });

  test('is read in pages, newest first', async ({ app }) => {
    for (const action of ['one', 'two', 'three']) {
      await record(app, action, { outcome: 'PAGED', detail: { name: action } });
    }
    const variables = { first: 2, filter: { outcome: 'PAGED' } };
    const page = (await ask(app, LOG, LOCAL, variables)).data as Log;
    expect(page.auditLog.edges.map(({ node }) => node)).toMatchObject([
      { action: 'three', actorKind: 'LOCAL', actorName: 'local', detail: { name: 'three' } },
      { action: 'two' },
    ]);
    const { hasNextPage, endCursor } = page.auditLog.pageInfo;
    expect(hasNextPage).toBe(true);
    const rest = (await ask(app, LOG, LOCAL, { ...variables, after: endCursor })).data as Log;
    expect(rest.auditLog).toMatchObject({
      edges: [{ node: { action: 'one' } }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });

  test('is looked through by the id of who did it', async ({ app }) => {
    const id = '01a1fb81-3a6f-7941-a8ea-121b9f8ec01f';
    await record(app, 'hers', { actor: { ...MEMBER, id } });
    for (const actor of [globalId('User', id), globalId('ApiKey', id), 'member@']) {
      const { data } = await ask(app, LOG, LOCAL, { filter: { actor, action: 'hers' } });
      expect((data as Log).auditLog.edges, actor).toMatchObject([{ node: { action: 'hers' } }]);
    }
  });

  test.for([{ first: 0 }, { first: 101 }, { after: 'x' }])('refuses %j', async (page, { app }) => {
    const { errors } = await ask(app, LOG, LOCAL, page);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_VALUE' } }]);
  });

  test('tells nothing to those who are no admins, not even by the id of an entry', async ({
    app,
  }) => {
    await record(app, 'told to admins');
    const log = (await ask(app, LOG, LOCAL, { filter: { action: 'told to admins' } })).data as Log;
    const id = log.auditLog.edges[0]?.node.id;
    const byId = [
      `{ node(id: "${id}") { __typename id } }`,
      `{ nodes(ids: ["${id}"]) { __typename } }`,
    ];
    for (const source of byId) {
      const { data } = await ask(app, source);
      expect(JSON.stringify(data)).toContain('AuditEntry');
      for (const actor of [VIEWER, MEMBER]) {
        const refused = await ask(app, source, actor);
        expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
        expect(JSON.stringify(refused.data)).not.toContain('AuditEntry');
      }
    }
    expect((await ask(app, LOG, MEMBER)).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });
});
