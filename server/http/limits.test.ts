import { getIntrospectionQuery } from 'graphql';
import { expect } from 'vitest';
import type { App } from '../app.ts';
import { LIMITS } from '../limits/numbers.ts';
import { openRejections, type Reason } from '../limits/rejections.ts';
import { ANONYMOUS, LOCAL, VIEWER } from '../test/actors.ts';
import { openServer } from '../test/http.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, test } from '../test/test.ts';
import { openGraphql } from './graphql.ts';
import { readDocuments } from './persisted.ts';
import { CLIENT } from './static.ts';

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const aliases = (count: number) => `{ ${many(count, (i) => `a${i}: health { version }`)} }`;
const directives = (count: number) =>
  `{ ${many(count, () => 'health @include(if: true) { version }')} }`;
/** The braces and the first field take 5. */
const tokens = (count: number) => `{ health { version ${many(count - 6, () => 'ok')} } }`;

/** What is valid and has so many bytes; a comment is no token. */
const commented = (bytes: number) => '{ health { version } } #é'.padEnd(bytes - 1, 'x');

/** The app with refusals of its own to count. */
const counted = (app: App) => ({ ...app, rejections: openRejections() });
const countOf = (app: App, reason: Reason) => app.rejections.read().get(reason);

describe('a document', () => {
  test.for([
    ['aliases', aliases, 30, 31, 'TOO_MANY_ALIASES', /^The document has 31 aliases; at most 30/],
    [
      'directives',
      directives,
      20,
      21,
      'TOO_MANY_DIRECTIVES',
      /^The document has 21 directives; at/,
    ],
    ['tokens', tokens, 2000, 2001, 'TOO_MANY_TOKENS', /^The document has more than 2000 tokens/],
    [
      'bytes',
      commented,
      64 * 1024,
      64 * 1024 + 1,
      'TOO_LARGE',
      /^The document has 65537 bytes; at most 65536 are read\. Put values into variables/,
    ],
  ] as const)(
    'with too many %s is refused with the number and a remedy, over HTTP and on a socket',
    async ([, document, most, beyond, code, said], { app: shared }) => {
      const app = counted(shared);
      await using server = await openServer(app);
      expect(JSON.stringify(await server.ask(document(most)))).not.toContain(code);
      const { data, errors } = await server.ask(document(beyond));
      expect(data).toBeUndefined();
      const wanted = [{ message: expect.stringMatching(said), extensions: { code } }];
      expect(errors).toMatchObject(wanted);
      const socket = await connectAndInit(server.url);
      socket.send({ type: 'subscribe', id: '1', payload: { query: document(beyond) } });
      expect(await socket.next('error', '1')).toMatchObject({ payload: wanted });
      // The socket and its other operations live on.
      socket.send({ type: 'subscribe', id: '2', payload: { query: '{ health { version } }' } });
      await socket.next('complete', '2');
      socket.close();
      await socket.closed;
      expect(countOf(app, code)).toBe(2);
    },
  );

  test('that is as large as may be is answered', async ({ app }) => {
    await using server = await openServer(app);
    const answered = { data: { health: { version: expect.any(String) } } };
    for (let i = 0; i < 2; i++) {
      expect(await server.ask(commented(64 * 1024))).toEqual(answered);
      expect(await server.ask(commented(1024))).toEqual(answered);
    }
  });

  test('of our own pages and of GraphiQL has an eighth of what may be, at most', () => {
    const options = {
      descriptions: true,
      schemaDescription: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
      oneOf: true,
    };
    const own = readDocuments(CLIENT).values();
    for (const text of [getIntrospectionQuery(options), ...own]) {
      expect(Buffer.byteLength(text)).toBeLessThan(LIMITS.documentBytes / 8);
    }
  });

  test('is kept for the next who sends it only as long as all together are small', ({ app }) => {
    const caller = { actor: LOCAL, call: { requestId: 'test', address: null, client: null } };
    const { parse } = openGraphql(app, new Map()).getEnveloped(caller);
    const isKept = (text: string) => {
      const first = parse(text);
      return parse(text) === first;
    };
    const [small, large] = [commented(1024), commented(60 * 1024)];
    expect([isKept(small), isKept(large)]).toEqual([true, false]);
    const first = parse(small);
    for (let i = 0; i < 40; i++) parse(commented(8 * 1024 + i));
    expect(parse(small)).not.toBe(first);
    expect(() => parse('{')).toThrow('Syntax Error');
  });

  test('hides aliases in no fragment, and none behind another operation', async ({ app }) => {
    await using server = await openServer(app);
    const fragment = `fragment F on Query ${aliases(31)}`;
    const other = await server.ask(`query A { ...F } ${fragment}`);
    expect(other.errors).toMatchObject([{ extensions: { code: 'TOO_MANY_ALIASES' } }]);
  });

  test.for([
    ['depth', `{ runs { edges { node { ${many(14, () => 'parent {')} id ${'}'.repeat(14)} } } } }`],
    ['breadth', `{ health { ${many(600, () => 'version')} } }`],
    [
      'complexity',
      `{ runs(first: 100) { edges { node { ${many(4, () => 'children {')} id ${'}'.repeat(4)} } } } }`,
    ],
  ] as const)(
    'of too much %s is refused with both numbers',
    async ([kind, query], { app: shared }) => {
      const app = counted(shared);
      await using server = await openServer(app);
      const { errors } = await server.ask(query);
      const codes = (errors ?? []).map(
        (each) => (each as { extensions: { code: string } }).extensions.code,
      );
      expect({ kind, codes, errors }).toMatchObject({ kind, codes: ['TOO_COMPLEX'] });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/is \d[\d.]*; at most \d+ is answered\. Ask for fewer/) },
      ]);
      expect(countOf(app, 'TOO_COMPLEX')).toBe(1);
    },
  );
});

describe('the limits', () => {
  test('are published as they are', async ({ app }) => {
    await using server = await openServer(app);
    const { data } = await server.ask(`{
      limits {
        depth breadth complexity aliases directives tokens documentBytes bodyBytes strangerBodyBytes pageSize
        subscriptionsPerSocket socketsPerAddress requestsPerMinute
      }
      rateLimit { limit remaining resetAt }
    }`);
    expect(data).toEqual({
      limits: {
        depth: 15,
        breadth: 500,
        complexity: 5000,
        aliases: 30,
        directives: 20,
        tokens: 2000,
        documentBytes: 64 * 1024,
        bodyBytes: 16 * 1024 * 1024,
        strangerBodyBytes: null,
        pageSize: 100,
        subscriptionsPerSocket: 100,
        // Nobody has to sign in here, so nobody is kept from anything.
        socketsPerAddress: null,
        requestsPerMinute: null,
      },
      rateLimit: { limit: null, remaining: null, resetAt: null },
    });
  });

  test('end the operations of one socket at a hundred, and no others', async ({ app: shared }) => {
    const app = counted(shared);
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    const query = 'subscription { runsChanged { run { id } } }';
    for (let id = 1; id <= 101; id++) {
      socket.send({ type: 'subscribe', id: String(id), payload: { query } });
    }
    expect(await socket.next('error', '101')).toMatchObject({
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }],
    });
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: 'next', payload: { query: '{ health { version } }' } });
    await socket.next('complete', 'next');
    expect(socket.received.filter(({ type }) => type === 'error').length).toBe(1);
    expect(countOf(app, 'TOO_MANY_SUBSCRIPTIONS')).toBe(1);
    socket.close();
    await socket.closed;
  });
});

describe('a stranger', () => {
  const ask = async (app: App, query: string, actor = ANONYMOUS) => {
    const graphql = openGraphql(app, new Map());
    const call = { requestId: 'test', address: null, client: null };
    const answer = await graphql.fetch(
      'http://localhost/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      },
      { actor, call },
    );
    return (await answer.json()) as { data?: unknown; errors?: { message: string }[] };
  };

  test('is not told what there is, neither by asking nor by guessing', async ({ app }) => {
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Run") { name } }']) {
      const { data, errors } = await ask(app, query);
      expect(data).toBeUndefined();
      expect(errors?.[0]?.message).toMatch(/introspection/i);
    }
    const { errors } = await ask(app, '{ healt { version } }');
    expect(errors?.[0]?.message).toBe('Cannot query field "healt" on type "Query".');
  });

  test('does not take that from those who may', async ({ app }) => {
    for (const actor of [LOCAL, VIEWER]) {
      expect((await ask(app, '{ __type(name: "Run") { name } }', actor)).data).toEqual({
        __type: { name: 'Run' },
      });
      const { errors } = await ask(app, '{ healt { version } }', actor);
      expect(errors?.[0]?.message).toContain('Did you mean "health"?');
    }
  });
});
