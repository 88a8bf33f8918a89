/** What callers are told while the database is away, or has no connection left for them. */
import type { Pool, PoolClient } from 'pg';
import type { App } from '../app.ts';
import { openAuditWriter } from '../audit/writer.ts';
import { openDb } from '../db.ts';
import { keyHeader, withAccess } from '../test/access.ts';
import { createDatabase } from '../test/database.ts';
import { openServer } from '../test/http.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

const MESSAGE = 'The database does not answer. Try again in a few seconds.';
const NOWHERE = 'postgresql://ada:hidden@127.0.0.1:1/nowhere';
/** Quickly enough for a test; ten seconds otherwise. */
const CONNECT_MS = 200;

/** The app over another database, for all that an operation reads and writes. */
function withDatabase(app: App, url: string) {
  const { db, sql, close } = openDb(url, app.log, CONNECT_MS);
  const audit = openAuditWriter(sql);
  return { app: { ...app, db, sql, audit }, sql, [Symbol.asyncDispose]: close };
}

/** By SQL, by Prisma, and by a transaction that is recorded in the audit log. */
const OPERATIONS = [
  ['overview', '{ overview { runCount } }'],
  ['runs', '{ runs(first: 1) { edges { node { number } } } }'],
  ['dataset', '{ dataset(key: "x-1") { key } }'],
  ['pauseQueue', 'mutation { pauseQueue(input: { labels: [] }) { __typename } }'],
] as const;

const ask = (query: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
});

const told = (path?: string) => ({
  message: MESSAGE,
  ...(path && { path: [path] }),
  extensions: { code: 'UNAVAILABLE', requestId: expect.any(String) },
});

describe('a database that is away', () => {
  test.for(OPERATIONS)('makes %s answer 503 and UNAVAILABLE', async ([path, query], { app }) => {
    await using away = withDatabase(app, NOWHERE);
    await using server = await openServer(away.app);
    const { status, headers, body } = await server.send('/graphql', ask(query));
    expect(JSON.parse(body).errors).toEqual([expect.objectContaining(told(path))]);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
  });

  test('gives an operation on a socket the same code, and leaves the socket open', async ({
    app,
  }) => {
    await using away = withDatabase(app, NOWHERE);
    await using server = await openServer(away.app);
    const socket = await connectAndInit(server.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: OPERATIONS[0][1] } });
    const { payload } = await socket.next('next', '1');
    expect((payload as { errors: unknown[] }).errors).toEqual([
      expect.objectContaining(told('overview')),
    ]);
    socket.send({ type: 'subscribe', id: '2', payload: { query: '{ __typename }' } });
    expect((await socket.next('next', '2')).payload).toEqual({ data: { __typename: 'Query' } });
    socket.close();
    await socket.closed;
  });

  test('makes nobody a stranger: whoever shows a key is told the same', async ({ app }) => {
    await using away = withDatabase(app, NOWHERE);
    const asking = withAccess(away.app);
    await using server = await openServer(asking);
    const key = await keyHeader(app, ['READ']);
    const { headers, ...request } = ask('{ __typename }');
    const answer = await server.send('/graphql', { ...request, headers: { ...headers, ...key } });
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toEqual({ errors: [told()] });
    const file = await server.send('/export/runs/1/log.txt', { headers: key });
    expect(file.status).toBe(503);
    expect(JSON.parse(file.body)).toMatchObject({
      error: { code: 'UNAVAILABLE', message: MESSAGE, requestId: expect.any(String) },
    });
  });
});

/** Takes every connection of a pool; one that a busy machine is too slow for is asked for again. */
async function takeAll(sql: Pool) {
  const held: PoolClient[] = [];
  while (held.length < (sql.options.max ?? 0)) {
    await sql.connect().then(
      (client) => held.push(client),
      () => {},
    );
  }
  return {
    [Symbol.dispose]: () => {
      for (const client of held) client.release();
    },
  };
}

describe('a database whose connections are all taken', () => {
  test.for(OPERATIONS)(
    'makes %s answer the same in bounded time',
    async ([path, query], { app }) => {
      await using database = await createDatabase();
      await using busy = withDatabase(app, database.url);
      await using server = await openServer(busy.app);
      {
        using _held = await takeAll(busy.sql);
        const { status, body } = await server.send('/graphql', ask(query));
        expect(JSON.parse(body).errors).toEqual([expect.objectContaining(told(path))]);
        expect(status).toBe(503);
      }
      expect((await server.send('/graphql', ask(query))).status).toBe(200);
    },
  );
});
