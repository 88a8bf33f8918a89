import type { App } from '../app.ts';
import { openRejections } from '../limits/rejections.ts';
import { openServer } from '../test/http.ts';
import { connectAndInit } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

/** The app with nothing left for anybody. */
const spent = (app: App): App => ({
  ...app,
  rejections: openRejections(),
  rates: {
    take: async () => 42,
    read: async () => ({ limit: 1, remaining: 0, resetAt: new Date() }),
  },
});

const limited = { code: 'RATE_LIMITED' };

describe('a request beyond the rate', () => {
  test('of GraphQL is told when to come again', async ({ app: shared }) => {
    const app = spent(shared);
    await using server = await openServer(app);
    const answer = await server.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'of-mine' },
      body: JSON.stringify({ query: 'mutation { nothing }' }),
    });
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '42' } });
    expect(JSON.parse(answer.body)).toEqual({
      errors: [
        {
          message: expect.stringMatching(
            /^More than 6000 requests in a minute\. Come again in 42 s/,
          ),
          extensions: { ...limited, retryAfterSeconds: 42, requestId: 'of-mine' },
        },
      ],
    });
    expect(app.rejections.read().get('RATE_LIMITED')).toBe(1);
  });

  test.for([
    ['POST', '/import/traces'],
    ['GET', '/export/datasets/any-1.jsonl'],
    ['GET', '/datasets/any-1/export.jsonl'],
    ['GET', '/datasets/any-1/manifest.json'],
    ['GET', '/artifacts/any'],
  ] as const)(
    'of a file is refused before anything is read: %s %s',
    async ([method, path], { app }) => {
      await using server = await openServer(spent(app));
      const answer = await server.send(path, { method });
      expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '42' } });
      expect(JSON.parse(answer.body)).toMatchObject({ error: limited });
    },
  );

  test.for(['/health', '/ready', '/', '/favicon.svg'])(
    'is none where a browser or a probe asks for %s',
    async (path, { app }) => {
      await using server = await openServer(spent(app));
      expect((await server.send(path)).status).not.toBe(429);
    },
  );

  test('on a socket ends the operation and not the socket', async ({ app: shared }) => {
    const app = spent(shared);
    await using server = await openServer(app);
    const socket = await connectAndInit(server.url);
    for (const id of ['1', '2']) {
      socket.send({ type: 'subscribe', id, payload: { query: '{ health { version } }' } });
      expect(await socket.next('error', id)).toMatchObject({
        payload: [{ extensions: { ...limited, retryAfterSeconds: 42 } }],
      });
    }
    expect(app.rejections.read().get('RATE_LIMITED')).toBe(2);
    socket.close();
    await socket.closed;
  });
});
