import { describe } from 'vitest';
import type { App } from '../app.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { keepLog } from '../test/logLines.ts';
import { parseScrape } from '../test/prometheus.ts';
import { until } from '../test/rig.ts';
import { expect, test } from '../test/test.ts';
import { routeOf } from './observe.ts';

const ask = (server: TestServer, query: string, headers = {}) => {
  const body = JSON.stringify({ query });
  return server.send('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...headers,
    },
    body,
  });
};

const SECRET = 'trt_k_very-secret';

describe('each request', () => {
  test('has one line with its id, who asked, its operation and how it ended', async ({ app }) => {
    const { log, lines } = keepLog();
    await using server = await openServer({ ...app, log });
    await ask(server, 'query Seen { health { ok } }', { 'x-request-id': 'request-7' });
    await until(async () => lines().some(({ msg }) => msg === 'request'));
    expect(lines().filter(({ requestId }) => requestId === 'request-7')).toEqual([
      expect.objectContaining({
        level: 20,
        msg: 'request',
        actor: 'LOCAL',
        operation: 'Seen',
        method: 'POST',
        route: '/graphql',
        status: 200,
        ms: expect.any(Number),
      }),
    ]);
  });

  test('that fails for a reason of ours has a line at info', async ({ app }) => {
    const { log, lines } = keepLog('info');
    // The run is looked up in what is not there.
    const broken = { ...app, log, db: null } as unknown as App;
    await using server = await openServer(broken);
    const { status, headers } = await server.send('/export/runs/1/log.txt');
    expect(status).toBe(500);
    const requestId = headers['x-request-id'];
    await until(async () => lines().length === 2);
    expect(lines().map(({ level, msg, requestId: id }) => [level, msg, id])).toEqual([
      [50, 'request failed', requestId],
      [30, 'request', requestId],
    ]);
  });

  test('leaves no secret in the log', async ({ app }) => {
    const { log, text } = keepLog('trace');
    await using server = await openServer({ ...app, log });
    const headers = { authorization: `Bearer ${SECRET}`, cookie: `tunix_rt_session=${SECRET}` };
    await ask(server, '{ health { ok } }', headers);
    await server.send(`/auth/invitation?token=${SECRET}`, { headers });
    await server.send(`/nowhere/${SECRET}?key=${SECRET}`, { headers });
    await until(async () => text.length >= 3);
    expect(text.join('')).not.toContain(SECRET);
  });

  test('to sign in is counted by its outcome', async ({ app }) => {
    await using server = await openServer(app);
    const body = JSON.stringify({ email: 'ada@example.org', password: 'wrong' });
    const { status } = await server.send('/auth/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      body,
    });
    expect(status).toBeGreaterThanOrEqual(400);
    const seen = parseScrape((await server.send('/metrics')).body);
    expect(seen.sum('tunix_sign_ins_total', { outcome: 'refused' })).toBe(1);
  });
});

test.for([
  ['/graphql', '/graphql'],
  ['/export/datasets/gsm8k-1.jsonl', '/export/datasets/:key.jsonl'],
  ['/datasets/gsm8k-1/export.jsonl', '/export/datasets/:key.jsonl'],
  ['/datasets/gsm8k-1/manifest.json', '/export/datasets/:key.manifest.json'],
  ['/export/runs/12/log.txt', '/export/runs/:number/log.txt'],
  ['/export/runs/12/model.zip', '/export/runs/:number/model.zip'],
  ['/artifacts/abc', '/artifacts/:id'],
  ['/artifacts/abc/preview', '/artifacts/:id/preview'],
  ['/datasets/gsm8k-1', 'page'],
  ['/auth/anything', 'page'],
  ['', 'page'],
] as const)('the route of %j is %j', ([path, route]) => {
  expect(routeOf(path)).toBe(route);
});
