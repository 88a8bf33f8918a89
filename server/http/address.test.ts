/** Requests as they stand on the wire: what no library would send. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { openServer } from '../test/http.ts';
import { describe, expect, test } from '../test/test.ts';
import { addressOf } from './address.ts';

/** What is answered to some lines of a request, to the end of the connection. */
async function answerTo(port: number, ...lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

describe('a request', () => {
  test.for([
    ['h2c', '/health', /^HTTP\/1\.1 200 OK/],
    ['h2c', '/export/nothing', /^HTTP\/1\.1 404 Not Found/],
    ['TLS/1.0, HTTP/1.1', '/health', /^HTTP\/1\.1 200 OK/],
    ['websocket', '/health', /^HTTP\/1\.1 404 Not Found/],
  ] as const)(
    'that offers to go on as %s at %s is answered',
    async ([upgrade, path, status], { app }) => {
      await using server = await openServer(app);
      const answer = await answerTo(
        server.port,
        `GET ${path} HTTP/1.1`,
        'Host: localhost',
        `Connection: Upgrade, close`,
        `Upgrade: ${upgrade}`,
      );
      expect(answer).toMatch(status);
      if (upgrade !== 'websocket')
        expect(answer).toMatch(/\r\nX-Content-Type-Options: nosniff\r\n/i);
    },
  );

  test('with a body that offers HTTP/2 is an operation like any other', async ({ app }) => {
    await using server = await openServer(app);
    const body = JSON.stringify({ query: '{ health { version } }' });
    const answer = await answerTo(
      server.port,
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade, HTTP2-Settings, close',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Content-Type: application/json',
      `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('"version"');
  });

  test.for(['//x/graphql', '//x/import/traces', '/\\x/graphql'])(
    'for %s is one for a page and for nothing else, with the headers of every answer',
    async (path, { app }) => {
      await using server = await openServer(app, '/no/such/folder');
      const answer = await server.send(path);
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'NOT_FOUND' } });
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
    },
  );
});

describe('an address', () => {
  test.for([
    ['/graphql?query=x', '/graphql'],
    ['//x/graphql', '//x/graphql'],
    ['http://localhost/graphql', '/graphql'],
    ['*', '/*'],
    [undefined, '/'],
  ] as const)('%s is that of the path %s', ([url, pathname]) => {
    expect(addressOf({ url })?.pathname).toBe(pathname);
  });

  test('that is none is nothing', () => {
    expect(addressOf({ url: 'http://' })).toBeNull();
  });
});
