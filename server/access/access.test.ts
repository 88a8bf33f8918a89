import type { App } from '../app.ts';
import {
  cookieHeader,
  keyHeader,
  makeKey,
  makeUser,
  PASSWORD,
  withAccess,
} from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import { BadCredentialError, SESSION_COOKIE } from './access.ts';
import { ANONYMOUS, LOCAL } from './actor.ts';
import { newKey } from './secrets.ts';
import { checkPassword } from './sessions.ts';
import { changeUser } from './users.ts';

/** The app with a database that must not be asked. */
const withoutDatabase = (app: App): App => {
  const query = () => Promise.reject(new Error('the database was asked'));
  return withAccess({ ...app, sql: { query } as unknown as App['sql'] });
};

describe('whoever comes', () => {
  test('is local and may do everything while access is off', async ({ app }) => {
    const headers = { authorization: 'Bearer nonsense' };
    expect(await app.access.authenticate({ headers })).toBe(LOCAL);
  });

  test('without anything is nobody', async ({ app: base }) => {
    const app = withoutDatabase(base);
    expect(await app.access.authenticate({ headers: {} })).toBe(ANONYMOUS);
    const headers = { cookie: `other=1; ${SESSION_COOKIE}=short` };
    expect(await app.access.authenticate({ headers })).toBe(ANONYMOUS);
  });

  test.for([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer trt_k_00000000000000000000000000000000_000000',
    `Bearer ${newKey('k')} x`,
    newKey('k'),
  ])('with %j is refused before the database is asked', async (authorization, { app: base }) => {
    const app = withoutDatabase(base);
    await expect(app.access.authenticate({ headers: { authorization } })).rejects.toThrow(
      BadCredentialError,
    );
  });

  test('with a key that nobody made is refused', async ({ app: base }) => {
    const app = withAccess(base);
    const headers = { authorization: `Bearer ${newKey('k')}` };
    await expect(app.access.authenticate({ headers })).rejects.toThrow('unknown');
  });

  test('with a key is its owner, whatever cookie comes along', async ({ app: base }) => {
    const app = withAccess(base);
    const [ada, bo] = [await makeUser(app), await makeUser(app)];
    const headers = {
      ...(await cookieHeader(app, ada.id)),
      ...(await keyHeader(app, ['READ'], bo.id)),
    };
    expect(await app.access.authenticate({ headers })).toMatchObject({
      kind: 'KEY',
      userId: bo.id,
    });
    const { secret } = await makeKey(app, ['READ'], ada.id);
    const explicit = await app.access.authenticate({ headers }, `bearer ${secret}`);
    expect(explicit).toMatchObject({ kind: 'KEY', userId: ada.id });
  });
});

describe('a session', () => {
  const rowOf = (app: App, userId: string) =>
    app.db.session.findFirstOrThrow({ where: { userId }, include: { user: true } });

  test('is somebody with the scopes of their role now', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app, 'VIEWER');
    const headers = await cookieHeader(app, id);
    expect(await app.access.authenticate({ headers })).toMatchObject({
      kind: 'USER',
      id,
      name: email,
      scopes: new Set(['READ']),
      credential: { kind: 'SESSION', id: (await rowOf(app, id)).id },
    });
    await app.db.user.update({ where: { id }, data: { role: 'ADMIN' } });
    expect((await app.access.authenticate({ headers })).scopes.has('ADMIN')).toBe(true);
  });

  test('is stored as a digest alone', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const { cookie } = await cookieHeader(app, id);
    const { tokenHash } = await rowOf(app, id);
    expect(tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(cookie).not.toContain(tokenHash);
    // What is stored opens nothing.
    const headers = { cookie: `${SESSION_COOKIE}=${tokenHash}` };
    expect(await app.access.authenticate({ headers })).toBe(ANONYMOUS);
  });

  test('lasts its full time again whenever it is used, to the minute', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const headers = await cookieHeader(app, id);
    await app.access.authenticate({ headers });
    const fresh = await rowOf(app, id);
    await app.access.authenticate({ headers });
    expect(await rowOf(app, id)).toEqual(fresh);
    await app.sql.query(
      `UPDATE sessions SET last_seen_at = now() - interval '3 days', expires_at = now() + interval '1 hour'
       WHERE user_id = $1`,
      [id],
    );
    const actor = await app.access.authenticate({ headers });
    const { expiresAt, lastSeenAt, user } = await rowOf(app, id);
    expect(expiresAt.getTime() - lastSeenAt.getTime()).toBeCloseTo(14 * 86_400_000, -3);
    expect(actor.credential?.expiresAt).toEqual(expiresAt);
    expect(user.lastSeenAt?.getTime()).toBeCloseTo(lastSeenAt.getTime(), -3);
  });

  test('that has expired is nobody, and goes when somebody signs in', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const headers = await cookieHeader(app, id);
    await app.sql.query('UPDATE sessions SET expires_at = now() WHERE user_id = $1', [id]);
    expect(await app.access.authenticate({ headers })).toBe(ANONYMOUS);
    await cookieHeader(app, id);
    expect(await app.db.session.count({ where: { userId: id } })).toBe(1);
  });
});

describe('a password', () => {
  test('is right for its user, however the email is written', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app);
    const of = (written: string, password: string) =>
      checkPassword(app, { email: written, password }, null);
    expect(await of(` ${email.toUpperCase()} `, PASSWORD)).toMatchObject({ id, email });
    expect(await of(email, `${PASSWORD} `)).toBeNull();
    expect(await of('nobody@example.org', PASSWORD)).toBeNull();
    await makeUser(app, 'ADMIN');
    await changeUser(app, id, { disabled: true });
    expect(await of(email, PASSWORD)).toBeNull();
  });
});
