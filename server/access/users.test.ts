import { ConflictError, InvalidStateError, NotFoundError } from '../errors.ts';
import { cookieHeader, keyHeader, makeUser, PASSWORD, withAccess } from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import { LOCAL } from './actor.ts';
import { PER_EMAIL, TooManyAttempts } from './attempts.ts';
import { acceptInvitation, inviteUser, readInvitation } from './invitations.ts';
import { resetPassword, takeNewPassword } from './resets.ts';
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

  test.for([
    ['is disabled', { disabled: true }],
    ['is no admin any more', { role: 'MEMBER' }],
  ] as const)(
    'that makes it that an admin %s ends their open links',
    async ([, change], { app: base }) => {
      const app = withAccess(base);
      const [ada, other] = [await makeUser(app, 'ADMIN'), await makeUser(app, 'ADMIN')];
      const key = await keyHeader(app, ['ADMIN'], ada.id);
      const byKey = await app.access.authenticate({ headers: key });
      const actor = { name: ada.email, userId: ada.id };
      const ended = [
        await inviteUser(app, { role: 'ADMIN' }, actor),
        await inviteUser(app, { role: 'MEMBER' }, byKey),
        await resetPassword(app, (await makeUser(app)).id, actor),
      ];
      const of = { name: other.email, userId: other.id };
      const theirs = await inviteUser(app, { role: 'MEMBER' }, of);
      await changeUser(app, ada.id, { name: 'Ada L.' });
      for (const { token } of ended) expect(await readInvitation(app, token)).not.toBeNull();
      const { endedLinks } = await changeUser(app, ada.id, change);
      expect(endedLinks.toSorted()).toEqual(ended.map(({ id }) => id).toSorted());
      for (const { token } of ended) expect(await readInvitation(app, token)).toBeNull();
      expect(await readInvitation(app, theirs.token)).not.toBeNull();
      // They do not come back with the role.
      expect(await changeUser(app, ada.id, { disabled: false, role: 'ADMIN' })).toEqual({
        id: ada.id,
        endedLinks: [],
      });
      for (const { token } of ended) expect(await readInvitation(app, token)).toBeNull();
    },
  );

  test('leaves no way in by a link that was made at the same moment', async ({ app: base }) => {
    const app = withAccess(base);
    await makeUser(app, 'ADMIN');
    const ada = await makeUser(app, 'ADMIN');
    const target = await makeUser(app);
    await changeUser(app, ada.id, { disabled: true });
    const actor = { name: ada.email, userId: ada.id };
    const invited = await inviteUser(app, { role: 'ADMIN' }, actor);
    const email = `${crypto.randomUUID()}@example.org`;
    const account = { token: invited.token, email, name: 'Bo', password: 'a long password' };
    await expect(acceptInvitation(app, account)).rejects.toThrow('Ask for a new one');
    const { token } = await resetPassword(app, target.id, actor);
    await expect(takeNewPassword(app, { token, password: 'a long password' })).rejects.toThrow(
      'Ask for a new one',
    );
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
