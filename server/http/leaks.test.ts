/** No answer tells of our insides, whatever is sent and whatever breaks. */
import { hostname } from 'node:os';
import fc from 'fast-check';
import type { App } from '../app.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { makeDataset, makeRun } from '../test/make.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

/** Words of a statement, of a stack, of a file, of a library and of a system call. */
const INSIDES = [
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b .*\b(FROM|VALUES|SET|WHERE)\b/s,
  /\bat \S+ \(?\S+:\d+:\d+\)?/,
  /node_modules|file:\/\/|\.ts\b|node:internal/,
  /prisma|PrismaClient|postgres|pg_|relation "|invalid input syntax/i,
  /E(CONNREFUSED|NOENT|ACCES|PERM|TIMEDOUT)/,
];

function expectNoInsides(app: App, text: string, sent: unknown) {
  const words = [app.config.dataDir, process.cwd(), hostname()].filter((word) => word.length > 3);
  for (const word of words)
    expect(text.includes(word), `${word} in ${text} for ${sent}`).toBe(false);
  for (const pattern of INSIDES) expect(text, `for ${JSON.stringify(sent)}`).not.toMatch(pattern);
}

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    "'",
    "'; SELECT pg_sleep(1) --",
    '\\',
    '\u0000',
    '\ud800',
    '%',
    '_',
    '..',
    '../../etc/passwd',
    'http://169.254.169.254/',
    '{{7*7}}',
    'jndi:ldap://x',
    '__proto__',
    'constructor',
    'NaN',
    '1e400',
    '99999999999999999999',
    'x'.repeat(5000),
  ),
  fc.constantFrom(
    ...['Trace', 'Run', 'Dataset', 'Artifact'].flatMap((type) =>
      ['', 'x', '0', '00000000-0000-0000-0000-000000000000', "'"].map((id) =>
        Buffer.from(`${type}:${id}`).toString('base64'),
      ),
    ),
  ),
);

const post = (server: TestServer, body: string | object, path = '/graphql') =>
  server.send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Queries that hand one string to everything that takes one. */
const QUERIES = [
  'query ($x: ID!) { node(id: $x) { id } nodes(ids: [$x]) { id } }',
  'query ($x: String) { traces(first: 2, after: $x) { edges { node { id } } } }',
  'query ($x: String) { traces(first: 2, filter: { text: $x }) { edges { node { id } } } }',
  'query ($x: String) { datasets(first: 2, before: $x) { edges { node { key } } } }',
  'query ($x: ID!) { runLogs(runId: $x, after: 0) { hasMore } }',
  'mutation ($x: ID!) { cancelRun(input: { runId: $x }) { __typename } }',
  'mutation ($x: String!) { createTraces(input: { source: $x, traces: [] }) { __typename } }',
];

const PATHS = ['/artifacts/', '/export/datasets/', '/export/runs/', '/datasets/', '/assets/', '/'];

describe('what is sent', () => {
  test('as a value never brings anything of our insides', async ({ app }) => {
    await makeRun(app, (await makeDataset(app)).id);
    await using server = await openServer(app);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...QUERIES), nasty, async (query, x) => {
        const answer = await post(server, { query, variables: { x } });
        expectNoInsides(app, answer.body.replaceAll(x, ''), { query, x });
        expect(answer.body, `${query} ${x}`).not.toContain('INTERNAL_SERVER_ERROR');
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });

  test('as a document or a body never brings anything of our insides', async ({ app }) => {
    await using server = await openServer(app);
    const body = fc.oneof(
      nasty,
      fc.json({ maxDepth: 3 }),
      nasty.map((text) => JSON.stringify({ query: text })),
      nasty.map((text) =>
        JSON.stringify({ query: '{ health { ok } }', variables: { [text]: text } }),
      ),
      nasty.map((text) => JSON.stringify({ query: '{ health { ok } }', operationName: text })),
    );
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.constantFrom('/graphql', '/export/traces.jsonl'),
        async (sent, path) => {
          const answer = await post(server, sent, path);
          expectNoInsides(app, answer.body.replaceAll(sent, ''), sent);
          expect(answer.status).toBeLessThan(500);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('as an address never brings anything of our insides', async ({ app }) => {
    await using server = await openServer(app);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        nasty,
        fc.boolean(),
        async (path, text, isQuery) => {
          const part = encodeURIComponent(text.toWellFormed());
          const url = isQuery ? `${path}x?first=${part}&split=${part}` : path + part;
          const answer = await server.send(url);
          // The page of the UI is ours, whatever stands in the address.
          if (!/^text\/html/.test(answer.headers['content-type'] ?? '')) {
            expectNoInsides(app, answer.body.replaceAll(text, ''), url);
          }
          expect(answer.status, url).toBeLessThan(500);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what breaks', () => {
  const failure = Object.assign(
    new Error(
      `SELECT secret FROM traces WHERE x: connect ECONNREFUSED at ${import.meta.filename}:1:1`,
    ),
    { detail: 'Key (id) exists in relation "traces"', hint: hostname(), code: 'XX000' },
  );
  const fail = () => Promise.reject(failure);
  const everything: unknown = new Proxy(fail, { get: () => everything, apply: fail });

  test.for([
    '{ overview { runCount } }',
    '{ traces(first: 1) { edges { node { id } } } }',
    '{ runs(first: 1) { edges { node { number } } } }',
    '{ health { ok parts { name message } } }',
    'mutation { createTraces(input: { traces: [] }) { __typename } }',
    'subscription { runsChanged { run { id } } }',
  ])('below %s is told of by an id alone, over HTTP and on a socket', async (query, { app }) => {
    const db = everything as App['db'];
    await using server = await openServer({ ...app, db, sql: everything as App['sql'] });
    if (!query.startsWith('subscription')) {
      const { body } = await post(server, { query });
      expectNoInsides(app, body, query);
    }
    const socket = await connectAndInit(server.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    await Promise.race([socket.next('complete', '1'), socket.next('error', '1')]);
    expectNoInsides(app, JSON.stringify(socket.received), query);
    socket.close();
    await socket.closed;
  });

  test.for([
    '/ready',
    '/artifacts/x',
    '/export/datasets/x-1.jsonl',
    '/export/runs/1/log.txt',
    '/export/runs/1/model.zip',
  ])('below %s is told of by an id alone', async (path, { app }) => {
    const db = everything as App['db'];
    await using server = await openServer({ ...app, db, sql: everything as App['sql'] });
    const { body } = await server.send(path);
    expectNoInsides(app, body, path);
  });
});
