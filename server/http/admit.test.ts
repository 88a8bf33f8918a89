/** Every route with every kind of caller. */
import { once } from 'node:events';
import { request } from 'node:http';
import { LOCAL } from '../access/actor.ts';
import { revokeApiKey } from '../access/keys.ts';
import type { Scope } from '../access/scopes.ts';
import { changeUser } from '../access/users.ts';
import { cookieHeader, keyHeader, makeKey, makeUser, withAccess } from '../test/access.ts';
import { openServer } from '../test/http.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';

const ROUTES: readonly [method: string, path: string, scope: Scope][] = [
  ['POST', '/import/traces', 'TRACES_WRITE'],
  ['POST', '/import/evaluation-sets', 'EVALUATIONS_WRITE'],
  ['POST', '/import/predictions', 'RUNS_WRITE'],
  ['POST', '/export/traces.jsonl', 'READ'],
  ['GET', '/export/datasets/a-1.jsonl', 'READ'],
  ['GET', '/export/datasets/a-1.manifest.json', 'READ'],
  ['GET', '/datasets/a-1/export.jsonl', 'READ'],
  ['GET', '/datasets/a-1/manifest.json', 'READ'],
  ['GET', '/export/ungar/high-card-duel.jsonl', 'READ'],
  ['GET', '/export/runs/1/log.txt', 'READ'],
  ['GET', '/export/runs/1/model.zip', 'READ'],
  ['GET', '/artifacts/QXJ0aWZhY3Q6MQ==', 'READ'],
  ['GET', '/artifacts/QXJ0aWZhY3Q6MQ==/preview', 'READ'],
  ['GET', '/metrics', 'READ'],
  // Not there now; whatever comes there is not open to all.
  ['GET', '/export/anything', 'READ'],
  ['GET', '/import/anything', 'READ'],
];
const OTHERS: Record<string, Scope> = {
  TRACES_WRITE: 'RUNS_WRITE',
  EVALUATIONS_WRITE: 'TRACES_WRITE',
  RUNS_WRITE: 'READ',
  READ: 'RUNNER',
};

describe.for(ROUTES)('%s %s', ([method, path, scope]) => {
  test(`needs ${scope}`, async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const as = async (headers: object) => {
      const answer = await server.send(path, { method, headers: { ...headers } });
      return [answer.status, JSON.parse(answer.body || '{}').error?.code];
    };
    expect(await as({})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await as({ authorization: 'Bearer trt_k_x' })).toEqual([401, 'UNAUTHENTICATED']);
    const other = OTHERS[scope] ?? expect.unreachable();
    expect(await as(await keyHeader(app, [other]))).toEqual([403, 'FORBIDDEN']);
    const answer = await server.send(path, { method, headers: await keyHeader(app, [scope]) });
    expect([401, 403]).not.toContain(answer.status);
  });
});

test.for(['/health', '/ready', '/', '/runs/1', '/sign-in', '/datasets/a-1'])(
  '%s is open to all',
  async (path, { app: base }) => {
    await using server = await openServer(withAccess(base));
    const headers = { accept: 'text/html', authorization: 'Bearer nonsense' };
    expect([401, 403, 302]).not.toContain((await server.send(path, { headers })).status);
  },
);

describe('GraphQL', () => {
  const ask = (query: string, headers: object) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

  test('tells nobody who they are, and nothing else', async ({ app: base }) => {
    await using server = await openServer(withAccess(base));
    const viewer = '{ viewer { kind scopes authRequired } }';
    expect(JSON.parse((await server.send('/graphql', ask(viewer, {}))).body)).toEqual({
      data: { viewer: { kind: 'ANONYMOUS', scopes: [], authRequired: true } },
    });
    const { body } = await server.send('/graphql', ask('{ runs { totalCount } }', {}));
    expect(JSON.parse(body)).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('refuses a key that is not good before it looks at the operation', async ({ app: base }) => {
    await using server = await openServer(withAccess(base));
    const answer = await server.send(
      '/graphql',
      ask('{ viewer { kind } }', { authorization: 'Bearer trt_k_x' }),
    );
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Tunix RT"');
  });

  test('opens nothing to a runner', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const headers = await keyHeader(app, ['RUNNER']);
    const { body } = await server.send('/graphql', ask('{ runs { totalCount } }', headers));
    expect(JSON.parse(body)).toMatchObject({
      data: null,
      errors: [{ message: expect.stringContaining('READ'), extensions: { code: 'FORBIDDEN' } }],
    });
  });

  test('takes a cookie from a page of ours alone', async ({ app: base }) => {
    const app = withAccess(base);
    const cookie = await cookieHeader(app, (await makeUser(app)).id);
    await using server = await openServer(app);
    const query = ask('{ runs { totalCount } }', cookie);
    expect((await server.send('/graphql', query)).status).toBe(403);
    const own = ask('{ runs { totalCount } }', { ...cookie, origin: server.url });
    expect((await server.send('/graphql', own)).status).toBe(200);
    const other = ask('{ runs { totalCount } }', { ...cookie, origin: 'http://localhost:1' });
    expect((await server.send('/graphql', other)).status).toBe(403);
  });

  test('shows GraphiQL to whoever has signed in, and sends others to do so', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const cookie = await cookieHeader(app, (await makeUser(app, 'VIEWER')).id);
    await using server = await openServer(app);
    const accept = 'text/html,application/xhtml+xml';
    const page = await server.send('/graphql', { headers: { accept, ...cookie } });
    expect(page.status).toBe(200);
    expect(page.body).toContain('GraphiQL');
    const away = await server.send('/graphql?query=%7Ba%7D', { headers: { accept } });
    expect(away.status).toBe(302);
    expect(away.headers.location).toBe('/sign-in?next=%2Fgraphql%3Fquery%3D%257Ba%257D');
  });
});

describe('what goes on for long', () => {
  test('is broken off when the key is revoked', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const { id, secret } = await makeKey(app, ['READ']);
    const sent = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/graphql',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${secret}`,
      },
    });
    const query = 'subscription { runsChanged { run { number } } }';
    sent.setHeader('content-length', JSON.stringify({ query }).length);
    sent.end(JSON.stringify({ query }));
    const [answer] = await once(sent, 'response');
    expect(answer.statusCode).toBe(200);
    answer.resume();
    const broken = once(answer, 'error');
    await revokeApiKey(app, id, LOCAL);
    const [error] = await broken;
    expect(error.code).toBe('ECONNRESET');
  });

  test('is broken off when its user may do it no more', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const { id } = await makeUser(app, 'MEMBER');
    const sent = request({
      ...{ host: '127.0.0.1', port: server.port, path: '/import/traces', method: 'POST' },
      headers: {
        ...(await keyHeader(app, ['TRACES_WRITE'], id)),
        'content-type': 'application/x-ndjson',
      },
    });
    const broken = once(sent, 'error');
    sent.write('{"prompt": "of a file that goes on');
    await until(() => app.db.importSession.findFirst({ where: { status: 'RUNNING' } }));
    await changeUser(app, id, { role: 'VIEWER' });
    const [error] = await broken;
    expect(error.code).toBe('ECONNRESET');
    const entry = await until(() =>
      app.db.auditEntry.findFirst({ where: { action: 'importTraces', outcome: 'INTERRUPTED' } }),
    );
    expect(entry.actorName).toMatch(/^key ci of /);
  });
});
