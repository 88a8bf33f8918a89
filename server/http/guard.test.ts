import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { openServer } from '../test/http.ts';
import { describe, expect, test } from '../test/test.ts';
import { refusalOf } from './guard.ts';

const refusal = (headers: Record<string, string>, allowedHosts: string[] = []) =>
  refusalOf({ headers }, { http: { host: '127.0.0.1', port: 4000, allowedHosts } })?.status ?? null;

describe('refusalOf', () => {
  test.for([
    [{ host: 'localhost:4000' }, null],
    [{ host: 'LOCALHOST:4000' }, null],
    [{ host: 'localhost' }, null],
    [{ host: '127.0.0.1:4000' }, null],
    [{ host: '[::1]:4000' }, null],
    [{ host: 'localhost:4000', origin: 'http://localhost:4000' }, null],
    [{ host: 'LocalHost:4000', origin: 'http://localhost:4000' }, null],
    [{ host: '[::1]:4000', origin: 'http://[::1]:4000' }, null],
    [{}, 421],
    [{ host: '' }, 421],
    [{ host: 'evil.test' }, 421],
    [{ host: 'evil.test:4000' }, 421],
    [{ host: '127.0.0.1.evil.test' }, 421],
    [{ host: 'localhost.evil.test:4000' }, 421],
    [{ host: 'evil.test#localhost' }, 421],
    [{ host: 'evil@localhost' }, 421],
    [{ host: 'localhost:4000:1' }, 421],
    [{ host: '127.0.0.2' }, 421],
    [{ host: '0.0.0.0:4000' }, 421],
    [{ host: '[::ffff:127.0.0.1]:4000' }, 421],
    [{ host: 'localhost:4000', origin: 'null' }, 403],
    [{ host: 'localhost:4000', origin: '' }, 403],
    [{ host: 'localhost:4000', origin: 'http://evil.test' }, 403],
    [{ host: 'localhost:4000', origin: 'http://localhost' }, 403],
    [{ host: 'localhost:4000', origin: 'http://localhost:4001' }, 403],
    [{ host: 'localhost:4000', origin: 'http://127.0.0.1:4000' }, 403],
    [{ host: 'localhost:4000', origin: 'http://localhost:4000.evil.test' }, 403],
    [{ host: 'localhost:4000', origin: 'http://localhost.evil.test:4000' }, 403],
    [{ host: 'localhost:4000', origin: 'file://' }, 403],
    [{ host: 'evil.test', origin: 'http://evil.test' }, 421],
    [{ host: 'localhost:4000', 'sec-fetch-site': 'same-origin' }, null],
    [{ host: 'localhost:4000', 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, null],
    [
      { host: 'localhost:4000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      null,
    ],
    [{ host: 'localhost:4000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    [{ host: 'localhost:4000', 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    [
      { host: 'localhost:4000', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'websocket' },
      403,
    ],
    [{ host: 'localhost:4000', 'sec-fetch-site': 'cross-site' }, 403],
  ] as const)('answers to %j with %s', ([headers, status]) => {
    expect(refusal(headers)).toBe(status);
  });

  test('serves the names it is told to, and no names below them', () => {
    expect(refusal({ host: 'lab.example:80' }, ['Lab.example'])).toBeNull();
    expect(refusal({ host: 'x.lab.example' }, ['lab.example'])).toBe(421);
  });
});

const PATHS = [
  '/',
  '/favicon.svg',
  '/assets/x.js',
  '/graphql',
  '/health',
  '/ready',
  '/metrics',
  '/auth/state',
  '/artifacts/x',
  '/export/datasets/x-1.jsonl',
  '/export/runs/1/log.txt',
  '/export/runs/1/model.zip',
  '/datasets/x-1/manifest.json',
];
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'graphql-transport-ws',
};

describe('the guard', () => {
  test.for(PATHS)('stands before %s', async (path, { app }) => {
    await using server = await openServer(app);
    const wrongHost = await server.send(path, { headers: { host: 'evil.test' } });
    expect(wrongHost).toMatchObject({ status: 421 });
    expect(JSON.parse(wrongHost.body)).toMatchObject({ error: { code: 'REFUSED' } });
    for (const origin of ['http://evil.test', 'null']) {
      const foreign = await server.send(path, { headers: { origin } });
      expect(foreign).toMatchObject({ status: 403 });
      expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test.for(['POST', 'PUT', 'DELETE', 'OPTIONS'])('stands before %s', async (method, { app }) => {
    await using server = await openServer(app);
    for (const path of ['/graphql', '/import/traces', '/export/traces.jsonl', '/auth/sign-in']) {
      const answer = await server.send(path, { method, headers: { origin: 'http://evil.test' } });
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-'))).toEqual([]);
    }
  });

  test('stands before event streams', async ({ app }) => {
    await using server = await openServer(app);
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const body = JSON.stringify({ query: 'subscription { runsChanged { run { id } } }' });
    const options = { method: 'POST', body };
    const host = await server.send('/graphql', { ...options, headers: { ...headers, host: 'x' } });
    expect(host.status).toBe(421);
    const origin = { ...headers, origin: 'http://x' };
    expect((await server.send('/graphql', { ...options, headers: origin })).status).toBe(403);
  });

  test.for([
    [{ host: 'evil.test' }, 421],
    [{ origin: 'http://evil.test' }, 403],
    [{ origin: 'null' }, 403],
  ] as const)('stands before sockets: %j', async ([headers, status], { app }) => {
    await using server = await openServer(app);
    const answer = await server.send('/graphql', { headers: { ...UPGRADE, ...headers } });
    expect(answer.status).toBe(status);
  });

  test.for(['/', '/graphql/', '//', '/health'])('opens no socket at %s', async (path, { app }) => {
    await using server = await openServer(app);
    expect((await server.send(path, { headers: UPGRADE })).status).toBe(404);
    expect((await server.send('/health')).status).toBe(200);
  });

  test('refuses HTTP/1.0 without a host', async ({ app }) => {
    await using server = await openServer(app);
    const socket = connect(server.port, '127.0.0.1');
    socket.end('GET /health HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('answers a path that is no URL', async ({ app }) => {
    await using server = await openServer(app);
    expect(await server.send('http://localhost:99999/')).toMatchObject({ status: 400 });
  });
});
