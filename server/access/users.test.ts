import { ConflictError, InvalidStateError, NotFoundError } from '../errors.ts';
import { cookieHeader, keyHeader, makeUser, PASSWORD, withAccess } from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import { LOCAL } from './actor.ts';
import { PER_EMAIL, TooManyAttempts } from './attempts.ts';
import { changePassword, changeUser } from './users.ts';

describe('changeUser', () => {
  test('changes what is given and leaves the rest', async ({ app }) => {
    await makeUser(app, 'ADMIN');
    const { id } = await makeUser(app, 'MEMBER');
    await changeUser(app, id, { role: 'VIEWER' });
    expect(await app.db.user.findUnique({ where: { id } })).toMatchObject({
      role: 'VIEWER',
      name: 'Ada',
      disabledAt: null,
    });
    await changeUser(app, id, { name: ' Bo ' });
    expect(await app.db.user.findUnique({ where: { id } })).toMatchObject({
      role: 'VIEWER',
      name: 'Bo',
    });
  });

  test('that disables somebody ends their sessions and keys; enabled again they sign in anew', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    await makeUser(app, 'ADMIN');
    const { id } = await makeUser(app, 'MEMBER');
    const cookie = await cookieHeader(app, id);
    const key = await keyHeader(app, ['READ'], id);
    const who = async (headers: Record<string, string>) =>
      (await app.access.authenticate({ headers })).kind;
    expect([await who(cookie), await who(key)]).toEqual(['USER', 'KEY']);
    await changeUser(app, id, { disabled: true });
    expect(await who(cookie)).toBe('ANONYMOUS');
    await expect(who(key)).rejects.toThrow('revoked');
    await changeUser(app, id, { disabled: false });
    expect([await who(cookie), await who(key)]).toEqual(['ANONYMOUS', 'KEY']);
  });

  test('never takes away the last admin who can sign in', async ({ app }) => {
    await app.sql.query(`UPDATE users SET role = 'MEMBER'`);
    const admin = await makeUser(app, 'ADMIN');
    await expect(changeUser(app, admin.id, { role: 'MEMBER' })).rejects.toThrow(ConflictError);
    await expect(changeUser(app, admin.id, { disabled: true })).rejects.toThrow('only admin');
    await changeUser(app, admin.id, { name: 'Still admin', role: 'ADMIN' });
    const other = await makeUser(app, 'ADMIN');
    // Each alone would be fine.
    const results = await Promise.allSettled([
      changeUser(app, admin.id, { role: 'VIEWER' }),
      changeUser(app, other.id, { disabled: true }),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('knows nobody who is not there', async ({ app }) => {
    await expect(changeUser(app, null, { name: 'x' })).rejects.toThrow(NotFoundError);
    await expect(changeUser(app, crypto.randomUUID(), {})).rejects.toThrow(NotFoundError);
  });
});

describe('changePassword', () => {
  test('signs the person out everywhere but here', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const here = { headers: await cookieHeader(app, id) };
    const there = { headers: await cookieHeader(app, id) };
    const actor = await app.access.authenticate(here);
    await changePassword(app, { current: PASSWORD, next: 'another long one' }, actor);
    expect((await app.access.authenticate(here)).kind).toBe('USER');
    expect((await app.access.authenticate(there)).kind).toBe('ANONYMOUS');
    await expect(
      changePassword(app, { current: PASSWORD, next: 'yet another one' }, actor),
    ).rejects.toMatchObject({ issues: [{ path: ['current'], code: 'WRONG' }] });
  });

  test('refuses what is no password, and counts what is tried', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app);
    const actor = await app.access.authenticate({ headers: await cookieHeader(app, id) });
    await expect(changePassword(app, { current: PASSWORD, next: email }, actor)).rejects.toThrow(
      'next: is the email address',
    );
    const tries = Array.from({ length: 30 }, () =>
      changePassword(app, { current: 'wrong', next: 'another long one' }, actor),
    );
    const results = await Promise.allSettled(tries);
    const stopped = results.filter(
      (each) => each.status === 'rejected' && each.reason instanceof TooManyAttempts,
    );
    expect(stopped).toHaveLength(30 - PER_EMAIL);
  });

  test('is for people who have signed in', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const key = await app.access.authenticate({ headers: await keyHeader(app, ['READ'], id) });
    const input = { current: PASSWORD, next: 'another long one' };
    await expect(changePassword(app, input, key)).rejects.toThrow(InvalidStateError);
    await expect(changePassword(app, input, LOCAL)).rejects.toThrow('signed in');
  });
});
