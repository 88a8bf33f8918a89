import { LOCAL } from '../access/actor.ts';
import { revokeApiKey } from '../access/keys.ts';
import { endSession } from '../access/sessions.ts';
import { changeUser } from '../access/users.ts';
import type { App } from '../app.ts';
import { cookieHeader, makeKey, makeUser, withAccess } from '../test/access.ts';
import { openServer } from '../test/http.ts';
import { until } from '../test/rig.ts';
import { connect } from '../test/socket.ts';
import { describe, expect, test } from '../test/test.ts';

const PROTOCOL = 'graphql-transport-ws';
const CHANGES = 'subscription { runsChanged { run { number } } }';
const VIEWER = '{ viewer { kind name } }';
const GATED = '{ runs { totalCount } }';

type Headers = Record<string, string>;

const init = (authorization?: unknown) => ({
  type: 'connection_init',
  ...(authorization !== undefined && { payload: { authorization } }),
});
const ask = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });

/** A socket of a browser in which somebody has signed in, on one of our pages. */
async function openAsUser(app: App, url: string, userId: string) {
  const headers: Headers = { ...(await cookieHeader(app, userId)), origin: url };
  const socket = await connect(url, PROTOCOL, headers);
  socket.send(init());
  await socket.next('connection_ack');
  return socket;
}

async function openWithKey(url: string, secret: string) {
  const socket = await connect(url);
  socket.send(init(`Bearer ${secret}`));
  await socket.next('connection_ack');
  return socket;
}

describe('a socket', () => {
  test.for([
    ['of nobody', undefined, 4401],
    ['with what is no key', 'Bearer trt_k_x', 4403],
    ['with what is no text', { Bearer: 1 }, 4403],
  ] as const)('%s is closed', async ([, authorization, code], { app: base }) => {
    await using server = await openServer(withAccess(base));
    const socket = await connect(server.url);
    socket.send(init(authorization));
    expect(await socket.closed).toBe(code);
    expect(socket.received).toEqual([]);
  });

  test('is somebody by the key of its first message', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const socket = await openWithKey(server.url, (await makeKey(app, ['READ'])).secret);
    socket.send(ask('1', VIEWER));
    expect((await socket.next('next', '1')).payload).toEqual({
      data: { viewer: { kind: 'KEY', name: 'key ci' } },
    });
    socket.close();
    await socket.closed;
  });

  test('is somebody by the cookie of a browser that says from which page it comes', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const { id, email } = await makeUser(app);
    const socket = await openAsUser(app, server.url, id);
    socket.send(ask('1', VIEWER));
    expect((await socket.next('next', '1')).payload).toEqual({
      data: { viewer: { kind: 'USER', name: email } },
    });
    socket.close();
    await socket.closed;
    const unsaid = await connect(server.url, PROTOCOL, await cookieHeader(app, id));
    unsaid.send(init());
    expect(await unsaid.closed).toBe(4403);
  });

  test('of a signed-out browser is nobody’s', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const { id } = await makeUser(app);
    const headers: Headers = { ...(await cookieHeader(app, id)), origin: server.url };
    await app.db.session.deleteMany({ where: { userId: id } });
    const socket = await connect(server.url, PROTOCOL, headers);
    socket.send(init());
    expect(await socket.closed).toBe(4401);
  });

  test('of a runner follows nothing', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const socket = await openWithKey(server.url, (await makeKey(app, ['RUNNER'])).secret);
    socket.send(ask('1', CHANGES));
    expect(await socket.next('next', '1')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    });
    expect(app.bell.listeners).toBe(1); // what watches the key
    socket.close();
    await socket.closed;
  });

  test('may with each operation what its user may then', async ({ app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const { id } = await makeUser(app, 'ADMIN');
    await makeUser(app, 'ADMIN');
    const socket = await openAsUser(app, server.url, id);
    const users = '{ users { totalCount } }';
    socket.send(ask('1', users));
    expect((await socket.next('next', '1')).payload).toMatchObject({ data: { users: {} } });
    await changeUser(app, id, { role: 'VIEWER' });
    socket.send(ask('2', users));
    expect(JSON.stringify((await socket.next('next', '2')).payload)).toContain('FORBIDDEN');
    socket.send(ask('3', GATED));
    expect((await socket.next('next', '3')).payload).toMatchObject({ data: { runs: {} } });
    socket.close();
    await socket.closed;
  });
});

describe('a stream', () => {
  /** Ends what proves who is on the socket, somewhere else. */
  const ENDS: Record<
    string,
    (
      app: App,
      url: string,
    ) => Promise<{ socket: Awaited<ReturnType<typeof connect>>; end(): unknown }>
  > = {
    'the key is revoked': async (app, url) => {
      const { id, secret } = await makeKey(app, ['READ']);
      return { socket: await openWithKey(url, secret), end: () => revokeApiKey(app, id, LOCAL) };
    },
    'the key expires': async (app, url) => {
      const { id, secret } = await makeKey(app, ['READ']);
      const text = 'UPDATE api_keys SET expires_at = now() WHERE id = $1';
      return { socket: await openWithKey(url, secret), end: () => app.sql.query(text, [id]) };
    },
    'the browser signs out': async (app, url) => {
      const { id } = await makeUser(app);
      const socket = await openAsUser(app, url, id);
      const session = await app.db.session.findFirstOrThrow({ where: { userId: id } });
      return { socket, end: () => endSession(app, session.id) };
    },
    'the user is disabled': async (app, url) => {
      await makeUser(app, 'ADMIN');
      const { id } = await makeUser(app);
      const socket = await openAsUser(app, url, id);
      return { socket, end: () => changeUser(app, id, { disabled: true }) };
    },
  };

  test.for(Object.keys(ENDS))('ends within five seconds when %s', async (name, { app: base }) => {
    const app = withAccess(base);
    await using server = await openServer(app);
    const { socket, end } = (await ENDS[name]?.(app, server.url)) ?? expect.unreachable();
    socket.send(ask('1', CHANGES));
    await until(async () => app.bell.listeners === 2);
    const startedAt = performance.now();
    await end();
    expect(await socket.closed).toBe(4403);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await until(async () => app.bell.listeners === 0);
  });
});

test('while the database is away, whoever comes is asked to come again', async ({ app: base }) => {
  const app = withAccess(base);
  const { secret } = await makeKey(app, ['READ']);
  const query = () => Promise.reject(new Error('Connection terminated'));
  const broken = withAccess({ ...base, sql: { query } as unknown as App['sql'] });
  await using server = await openServer({ ...app, access: broken.access });
  const socket = await connect(server.url);
  socket.send(init(`Bearer ${secret}`));
  expect(await socket.closed).toBe(1013);
});
