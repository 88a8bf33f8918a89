/** The guards where people sign in: strangers, keys and users are not one. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { App } from '../app.ts';
import { openRateLimits } from '../limits/rates.ts';
import { cookieHeader, keyHeader, makeUser, withAccess } from '../test/access.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { describe, expect, test } from '../test/test.ts';

const ask = async (server: TestServer, query: string, headers: OutgoingHttpHeaders = {}) => {
  const answer = await server.send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, ...JSON.parse(answer.body) };
};

/** The app with so many requests a minute for each. */
const metered = (app: App, perMinute: number): App => ({
  ...withAccess(app, { limits: { ...app.config.limits, requestsPerMinute: perMinute } }),
  rates: openRateLimits(perMinute),
});

const VERSION = '{ limits { requestsPerMinute socketsPerAddress } }';

describe('where people sign in', () => {
  test('each key has its own minute, strangers share theirs by address, and files count', async ({
    app: shared,
  }) => {
    const app = metered(shared, 3);
    await using server = await openServer(app);
    const [one, other] = [await keyHeader(app, ['READ']), await keyHeader(app, ['READ'])];
    expect(await ask(server, VERSION, one)).toMatchObject({
      data: { limits: { requestsPerMinute: 3, socketsPerAddress: 1000 } },
    });
    expect((await server.send('/artifacts/none', { headers: one })).status).toBe(404);
    expect(await ask(server, '{ rateLimit { limit remaining } }', one)).toMatchObject({
      data: { rateLimit: { limit: 3, remaining: 0 } },
    });
    expect(await ask(server, VERSION, one)).toMatchObject({ status: 429 });
    expect((await server.send('/artifacts/none', { headers: one })).status).toBe(429);
    expect(await ask(server, VERSION, other)).toMatchObject({ status: 200 });
    for (const status of [200, 200, 200, 429]) {
      expect(await ask(server, VERSION)).toMatchObject({ status });
    }
    expect((await server.send('/health')).status).toBe(200);
  });

  test('a stranger sends bodies of 64 KiB at most, whoever is known of 16 MiB', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const query = '{ viewer { kind } limits { strangerBodyBytes } }';
    const send = (bytes: number, headers: OutgoingHttpHeaders = {}) => {
      const body = JSON.stringify({ query }).padEnd(bytes);
      const options = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      };
      return server.send('/graphql', { ...options, body });
    };
    expect(JSON.parse((await send(64 * 1024)).body)).toMatchObject({
      data: { viewer: { kind: 'ANONYMOUS' }, limits: { strangerBodyBytes: 65_536 } },
    });
    const refused = await send(64 * 1024 + 1);
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.body).error).toMatchObject({
      code: 'TOO_LARGE',
      message: 'At most 65536 bytes are read. Sign in, or send a key, for more.',
    });
    expect(app.rejections.read().get('TOO_LARGE')).toBeGreaterThan(0);
    expect((await send(64 * 1024 + 1, await keyHeader(app, ['READ']))).status).toBe(200);
  });

  test('a wrong key is counted, too', async ({ app }) => {
    await using server = await openServer(metered(app, 2));
    const headers = { authorization: `Bearer trt_k_${'x'.repeat(32)}_000000` };
    for (const status of [401, 401, 429]) {
      expect((await server.send('/artifacts/none', { headers })).status).toBe(status);
    }
  });

  test('many tries in one request are one request, and not many', async ({ app }) => {
    await using server = await openServer(metered(app, 1));
    const tries = Array.from({ length: 31 }, (_, i) => `a${i}: limits { depth }`).join(' ');
    expect(await ask(server, `{ ${tries} }`)).toMatchObject({
      errors: [{ extensions: { code: 'TOO_MANY_ALIASES' } }],
    });
    expect(await ask(server, VERSION)).toMatchObject({ status: 429 });
  });

  test('a stranger learns the limits and nothing of the schema', async ({ app }) => {
    await using server = await openServer(withAccess(app));
    expect((await ask(server, VERSION)).errors).toBeUndefined();
    const { data, errors } = await ask(server, '{ __schema { types { name } } }');
    expect(data).toBeUndefined();
    expect(errors[0].message).toMatch(/introspection/i);
    expect((await ask(server, '{ limit { depth } }')).errors[0].message).not.toContain('limits');
    const reader = await keyHeader(app, ['READ']);
    expect((await ask(server, '{ __schema { types { name } } }', reader)).data).toBeDefined();
  });

  test('only a key may send other documents than those of the page', async ({ app: shared }) => {
    const app = withAccess(shared, { limits: { ...shared.config.limits, persistedOnly: true } });
    await using server = await openServer(app);
    const user = await makeUser(app, 'ADMIN');
    const cookie = { ...(await cookieHeader(app, user.id)), origin: server.url };
    const refused = { errors: [{ extensions: { code: 'PERSISTED_ONLY' } }] };
    expect(await ask(server, VERSION, { ...cookie, host: new URL(server.url).host })).toMatchObject(
      refused,
    );
    expect(await ask(server, VERSION)).toMatchObject(refused);
    expect((await ask(server, VERSION, await keyHeader(app, ['READ']))).data).toBeDefined();
  });
});
