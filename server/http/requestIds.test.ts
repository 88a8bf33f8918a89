import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { App } from '../app.ts';
import { openServer } from '../test/http.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

const ID = /^[A-Za-z0-9._-]{1,64}$/;
const post = (query: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ query }),
});

/** The app with a database that fails below `overview`, and a log to read. */
function broken(app: App) {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const query = () => Promise.reject(new Error('SELECT secret'));
  return { app: { ...app, log: pino(stream), sql: { query } as never }, lines };
}

const idsOf = (body: string): unknown[] =>
  JSON.parse(body).errors.map(
    (error: { extensions: { requestId: unknown } }) => error.extensions.requestId,
  );

describe('the id of a request', () => {
  test.for(['/health', '/', '/graphql', '/artifacts/none', '//'])(
    'stands in the answer of %s',
    async (path, { app }) => {
      await using server = await openServer(app);
      const ids = new Set<unknown>();
      for (let i = 0; i < 3; i++) ids.add((await server.send(path)).headers['x-request-id']);
      expect(ids.size).toBe(3);
      for (const id of ids) expect(id).toMatch(ID);
    },
  );

  test('is what the caller calls it, when that can stand in a log', async ({ app }) => {
    await using server = await openServer(app);
    const idFor = async (given: string) =>
      (await server.send('/health', { headers: { 'x-request-id': given } })).headers[
        'x-request-id'
      ];
    expect(await idFor('Run_7.step-1')).toBe('Run_7.step-1');
    for (const given of ['a b', 'x'.repeat(65), '<script>', 'é', '']) {
      expect(await idFor(given), given).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('stands on every error of an operation, expected or not', async ({ app }) => {
    await using server = await openServer(broken(app).app);
    for (const query of [
      '{',
      '{ nope }',
      '{ node(id: "x") { id } }',
      '{ overview { runCount } }',
    ]) {
      const answer = await server.send(
        '/graphql',
        post(query, { 'x-request-id': `for-${query.length}` }),
      );
      expect(idsOf(answer.body), query).toEqual([`for-${query.length}`]);
      expect(answer.headers['x-request-id']).toBe(`for-${query.length}`);
    }
  });

  test('is of this request, though the same wrong document came before', async ({ app }) => {
    await using server = await openServer(app);
    for (const id of ['first', 'second']) {
      for (const query of ['{ sameNope }', '{ same']) {
        const { body } = await server.send('/graphql', post(query, { 'x-request-id': id }));
        expect(idsOf(body)).toEqual([id]);
      }
    }
  });

  test('stands on every error of another route', async ({ app }) => {
    await using server = await openServer(app);
    for (const [path, options] of [
      ['/artifacts/none', {}],
      ['/health', { method: 'DELETE' }],
      ['/health', { headers: { host: 'evil.test' } }],
      ['/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' } }],
    ] as const) {
      const { headers, body } = await server.send(path, options);
      expect(JSON.parse(body)).toMatchObject({ error: { requestId: headers['x-request-id'] } });
    }
  });

  test('leads to what the log says of an error that tells nothing else', async ({ app }) => {
    const { app: failing, lines } = broken(app);
    await using server = await openServer(failing);
    const query = '{ overview { runCount } }';
    const { body } = await server.send('/graphql', post(query, { 'x-request-id': 'find-me' }));
    expect(body).not.toContain('secret');
    const socket = await connectAndInit(server.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    const { payload } = await socket.next('next', '1');
    const [ofSocket] = idsOf(JSON.stringify(payload));
    expect(JSON.stringify(payload)).not.toContain('secret');
    socket.close();
    await socket.closed;
    const logged = lines.filter(({ level }) => level === 50);
    expect(logged).toMatchObject([
      { requestId: 'find-me', err: { message: 'SELECT secret' } },
      { requestId: ofSocket, err: { message: 'SELECT secret' } },
    ]);
  });
});
