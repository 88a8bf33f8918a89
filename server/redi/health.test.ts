import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { openRedi } from './health.ts';

/** A server that answers as told and counts its requests. */
async function serve(answer: RequestListener) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get asked() {
      return asked;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const settings = (url: string, ttl = '30') =>
  readConfig({
    REDIAI_MODE: 'real',
    REDIAI_BASE_URL: url,
    REDIAI_HEALTH_CACHE_TTL_SECONDS: ttl,
  }).redi;

describe('the health of RediAI', () => {
  test('is healthy without asking anybody in mock mode', async () => {
    const { redi } = readConfig({});
    expect(await openRedi(redi).health()).toMatchObject({
      mode: 'mock',
      status: 'healthy',
      error: null,
      cached: false,
    });
  });

  test('is asked at the base URL and path', async () => {
    const paths: (string | undefined)[] = [];
    await using server = await serve(({ url }, response) => {
      paths.push(url);
      response.end('{}');
    });
    const { redi } = readConfig({
      REDIAI_MODE: 'real',
      REDIAI_BASE_URL: `${server.url}/v1/`,
      REDIAI_HEALTH_PATH: '/up',
    });
    expect(await openRedi(redi).health()).toMatchObject({ mode: 'real', status: 'healthy' });
    expect(paths).toEqual(['/v1/up']);
  });

  test.for([
    [500, 'HTTP 500'],
    [404, 'HTTP 404'],
    [302, 'HTTP 302'],
  ] as const)('is down with status %i', async ([status, error]) => {
    await using server = await serve((_request, response) => {
      response.writeHead(status, { location: '/' }).end();
    });
    expect(await openRedi(settings(server.url)).health()).toMatchObject({ status: 'down', error });
  });

  test('is down when nothing listens', async () => {
    const { url, [Symbol.asyncDispose]: close } = await serve(() => {});
    await close();
    const { status, error } = await openRedi(settings(url)).health();
    expect(status).toBe('down');
    expect(error).toMatch(/^Connection refused: .*ECONNREFUSED/);
  });

  test('is down when no answer comes', async () => {
    await using server = await serve(() => {});
    const redi = openRedi(settings(server.url), { patienceMs: 50 });
    expect(await redi.health()).toMatchObject({ status: 'down', error: 'Timeout after 5s' });
  });

  test('is down when the connection breaks', async () => {
    await using server = await serve((_request, response) => response.socket?.resetAndDestroy());
    const { status, error } = await openRedi(settings(server.url)).health();
    expect(status).toBe('down');
    expect(error).toMatch(/^HTTP error: /);
  });
});

describe('an answer', () => {
  test('is shared by all who ask at once, and holds for its time', async () => {
    await using server = await serve((_request, response) => response.end());
    let now = 0;
    const redi = openRedi(settings(server.url), { clock: () => now });
    const together = await Promise.all([redi.health(), redi.health(), redi.health()]);
    expect(server.asked).toBe(1);
    expect(together.map(({ cached }) => cached)).toEqual([false, false, false]);
    now = 29_999;
    expect(await redi.health()).toMatchObject({ cached: true, status: 'healthy' });
    expect(server.asked).toBe(1);
    now = 30_000;
    expect(await redi.health()).toMatchObject({ cached: false });
    expect(server.asked).toBe(2);
  });

  test('is kept when it is a failure, too', async () => {
    await using server = await serve((_request, response) => response.writeHead(503).end());
    const redi = openRedi(settings(server.url));
    await redi.health();
    expect(await redi.health()).toMatchObject({ cached: true, status: 'down', error: 'HTTP 503' });
    expect(server.asked).toBe(1);
  });

  test('is asked for each time where the time is 0', async () => {
    await using server = await serve((_request, response) => response.end());
    const redi = openRedi(settings(server.url, '0'));
    await redi.health();
    expect(await redi.health()).toMatchObject({ cached: false });
    expect(server.asked).toBe(2);
  });
});

describe('the settings of RediAI', () => {
  test.for([
    [{ REDIAI_MODE: 'fake' }, 'REDIAI_MODE'],
    [{ REDIAI_BASE_URL: 'ftp://there' }, 'REDIAI_BASE_URL'],
    [{ REDIAI_HEALTH_PATH: 'health' }, 'REDIAI_HEALTH_PATH'],
    [{ REDIAI_HEALTH_CACHE_TTL_SECONDS: '301' }, 'REDIAI_HEALTH_CACHE_TTL_SECONDS'],
  ] as const)('%j are refused', ([set, name]) => {
    expect(() => readConfig(set)).toThrow(name);
  });
});
