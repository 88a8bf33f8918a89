import type { OutgoingHttpHeaders } from 'node:http';
import { inviteFirstAdmin } from '../access/invitations.ts';
import { cookieHeader, keyHeader, makeUser, PASSWORD, withAccess } from '../test/access.ts';
import { codeOf, cookieOf, entriesOf, post, viewerOf } from '../test/authRequests.ts';
import { openServer, type TestServer } from '../test/http.ts';
import { describe, expect, test } from '../test/test.ts';

describe('POST /auth/sign-in', () => {
  test('answers with who it is, and a cookie that no script and no other site gets', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const { email } = await makeUser(app, 'MEMBER');
    await using server = await openServer(app);
    const answer = await post(server, '/auth/sign-in', { email, password: PASSWORD });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ user: { email, name: 'Ada', role: 'MEMBER' } });
    expect(answer.headers['cache-control']).toBe('no-store');
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^tunix_rt_session=[\w-]{43}; /);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=']) {
      expect(cookie).toContain(part);
    }
    expect(cookie).not.toContain('Secure');
    expect(await viewerOf(server, { cookie: cookieOf(answer) })).toEqual({
      kind: 'USER',
      name: email,
      role: 'MEMBER',
    });
    expect((await entriesOf(app, 'signIn'))[0]).toMatchObject({ actorName: email, outcome: 'OK' });
  });

  test('sends the cookie over https alone where that is the public address', async ({
    app: base,
  }) => {
    const app = withAccess(base, { publicUrl: 'https://rt.example.org' });
    const { email } = await makeUser(app);
    await using server = await openServer(app);
    const answer = await post(server, '/auth/sign-in', { email, password: PASSWORD });
    expect(answer.headers['set-cookie']?.[0]).toContain('Secure');
  });

  test('says the same of a wrong password, an unknown email and a disabled user', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const known = await makeUser(app);
    const disabled = await makeUser(app);
    await app.db.user.update({ where: { id: disabled.id }, data: { disabledAt: new Date() } });
    await using server = await openServer(app);
    const answers = await Promise.all([
      post(server, '/auth/sign-in', { email: known.email, password: 'wrong' }),
      post(server, '/auth/sign-in', { email: 'nobody@example.org', password: PASSWORD }),
      post(server, '/auth/sign-in', { email: disabled.email, password: PASSWORD }),
    ]);
    const said = answers.map(({ status, body }) => {
      const { requestId: _, ...error } = JSON.parse(body).error;
      return { status, ...error };
    });
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(said[0]).toMatchObject({ status: 401, code: 'WRONG_CREDENTIALS' });
    const entries = await app.db.auditEntry.findMany({ where: { outcome: 'WRONG_CREDENTIALS' } });
    expect(entries.map(({ actorKind }) => actorKind)).toEqual([
      'ANONYMOUS',
      'ANONYMOUS',
      'ANONYMOUS',
    ]);
    expect(entries.map(({ detail }) => detail)).toContainEqual({ email: 'nobody@example.org' });
  });

  test('stops whoever guesses, however many at once, and says until when', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const { email } = await makeUser(app);
    await using server = await openServer(app);
    const guesses = Array.from({ length: 40 }, (_, i) =>
      post(server, '/auth/sign-in', { email, password: `guess number ${i}` }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
    // Not even the right one is looked at.
    const answer = await post(server, '/auth/sign-in', { email, password: PASSWORD });
    expect(answer.status).toBe(429);
    expect(codeOf(answer)).toBe('RATE_LIMITED');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(800);
  });

  test.for([
    ['text/plain', '{}', 415, 'UNSUPPORTED_TYPE'],
    ['application/x-www-form-urlencoded', 'email=a', 415, 'UNSUPPORTED_TYPE'],
    ['application/json', '{', 400, 'VALIDATION'],
    ['application/json', '[]', 400, 'VALIDATION'],
    ['application/json', '{"email": "a@b.example"}', 400, 'VALIDATION'],
    ['application/json', '{"email": 1, "password": {}}', 400, 'VALIDATION'],
    ['application/json', JSON.stringify({ email: 'x'.repeat(20_000) }), 413, 'TOO_LARGE'],
  ] as const)('refuses %s %.30s', async ([type, body, status, code], { app: base }) => {
    await using server = await openServer(withAccess(base));
    const headers = { 'content-type': type };
    const answer = await server.send('/auth/sign-in', { method: 'POST', headers, body });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  test('refuses a page of another site', async ({ app: base }) => {
    await using server = await openServer(withAccess(base));
    for (const headers of [{ origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await post(server, '/auth/sign-in', {}, headers);
      expect([answer.status, codeOf(answer)]).toEqual([403, 'REFUSED']);
    }
  });

  test('is not there where nobody signs in', async ({ app }) => {
    await using server = await openServer(app);
    const answer = await post(server, '/auth/sign-in', { email: 'a@b.example', password: 'x' });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'INVALID_STATE']);
  });
});

describe('POST /auth/sign-out', () => {
  test('ends the session and takes the cookie back', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const cookie = await cookieHeader(app, id);
    await using server = await openServer(app);
    expect(await viewerOf(server, cookie)).toMatchObject({ kind: 'USER' });
    const answer = await post(server, '/auth/sign-out', {}, { origin: server.url, ...cookie });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^tunix_rt_session=; .*Max-Age=0/);
    expect(await viewerOf(server, cookie)).toMatchObject({ kind: 'ANONYMOUS' });
    expect(await app.db.session.count({ where: { userId: id } })).toBe(0);
    expect((await entriesOf(app, 'signOut'))[0]).toMatchObject({ actorId: id, outcome: 'OK' });
    expect((await post(server, '/auth/sign-out', {})).status).toBe(204);
  });

  test('ends nothing when it does not say from which page', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const cookie = await cookieHeader(app, id);
    await using server = await openServer(app);
    expect((await post(server, '/auth/sign-out', {}, cookie)).status).toBe(403);
    expect(await viewerOf(server, cookie)).toMatchObject({ kind: 'USER' });
  });
});

test('a sign-in that is overtaken by a new password is refused like a wrong one', async ({
  app: base,
}) => {
  const app = withAccess(base);
  const { id, email } = await makeUser(app);
  // The password changes as soon as it was looked at.
  const { guarded } = app.access.attempts;
  const overtaken: typeof guarded = async (of, attempt) => {
    const result = await guarded(of, attempt);
    await app.db.user.update({ where: { id }, data: { passwordHash: 'another' } });
    return result;
  };
  const access = { ...app.access, attempts: { guarded: overtaken } };
  await using server = await openServer({ ...app, access });
  const answer = await post(server, '/auth/sign-in', { email, password: PASSWORD });
  expect(answer.status).toBe(401);
  expect(codeOf(answer)).toBe('WRONG_CREDENTIALS');
  expect(answer.headers['set-cookie']).toBeUndefined();
  const [entry] = await entriesOf(app, 'signIn');
  expect(entry).toMatchObject({ outcome: 'WRONG_CREDENTIALS', detail: { email } });
});

describe('GET /auth/state', () => {
  const stateOf = async (server: TestServer, headers: OutgoingHttpHeaders = {}) =>
    JSON.parse((await server.send('/auth/state', { headers })).body);

  test('says whether people sign in, whether anybody has yet, and whether you have', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    await app.sql.query('DELETE FROM users');
    await using off = await openServer(base);
    expect(await stateOf(off)).toEqual({ auth: 'off', needsSetup: false, signedIn: false });
    await using server = await openServer(app);
    expect(await stateOf(server)).toEqual({ auth: 'on', needsSetup: true, signedIn: false });
    const token = await inviteFirstAdmin(app);
    const account = { token, email: 'first@example.org', name: 'Ada', password: PASSWORD };
    const cookie = cookieOf(await post(server, '/auth/accept', account));
    expect(await stateOf(server, { cookie })).toEqual({
      auth: 'on',
      needsSetup: false,
      signedIn: true,
    });
    expect(await stateOf(server, await keyHeader(app, ['READ']))).toMatchObject({
      signedIn: false,
    });
  });
});

test('other paths and methods below /auth/ are not there', async ({ app: base }) => {
  await using server = await openServer(withAccess(base));
  expect((await server.send('/auth/nothing')).status).toBe(404);
  expect((await server.send('/auth/constructor')).status).toBe(404);
  const answer = await server.send('/auth/sign-in');
  expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
});
