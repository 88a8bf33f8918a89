import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { makeUser, withAccess } from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import {
  acceptInvitation,
  inviteFirstAdmin,
  inviteUser,
  readInvitation,
  revokeInvitation,
} from './invitations.ts';

const ADA = { name: 'ada@example.org', userId: null };
const account = (token: string, email = `${crypto.randomUUID()}@example.org`) => ({
  token,
  email,
  name: ' Bo ',
  password: 'a long password',
});
const expire = (id: string) => ({
  text: `UPDATE invitations SET expires_at = now() - interval '1 second' WHERE id = $1`,
  values: [id],
});

describe('an invitation', () => {
  test('makes one user of the role it names, once', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, token } = await inviteUser(app, { role: 'VIEWER' }, ADA);
    expect(await readInvitation(app, token)).toEqual({
      role: 'VIEWER',
      email: null,
      expiresAt: expect.any(Date),
      first: false,
      resetsPassword: false,
    });
    const email = `${crypto.randomUUID()}@Example.org`;
    const user = await acceptInvitation(app, account(token, ` ${email} `));
    expect(user).toMatchObject({ email: email.toLowerCase(), name: 'Bo', role: 'VIEWER' });
    expect(await readInvitation(app, token)).toBeNull();
    await expect(acceptInvitation(app, account(token))).rejects.toThrow(NotFoundError);
    await expect(revokeInvitation(app, id)).rejects.toThrow(InvalidStateError);
  });

  test('is good for seven days, and its token is not stored', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, token } = await inviteUser(app, { role: 'MEMBER' }, ADA);
    const row = await app.db.invitation.findUniqueOrThrow({ where: { id } });
    expect(row.createdBy).toBe('ada@example.org');
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBeCloseTo(7 * 86_400_000, -3);
    expect(JSON.stringify(row)).not.toContain(token);
    await app.sql.query(expire(id));
    expect(await readInvitation(app, token)).toBeNull();
    await expect(acceptInvitation(app, account(token))).rejects.toThrow('has expired');
  });

  test('makes one user even of many who come at once', async ({ app: base }) => {
    const app = withAccess(base);
    const { token } = await inviteUser(app, { role: 'MEMBER' }, ADA);
    const all = Array.from({ length: 8 }, () => acceptInvitation(app, account(token)));
    const results = await Promise.allSettled(all);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that was revoked is good for nothing', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, token } = await inviteUser(app, { role: 'MEMBER' }, ADA);
    await revokeInvitation(app, id);
    await revokeInvitation(app, id);
    await expect(acceptInvitation(app, account(token))).rejects.toThrow(NotFoundError);
    await expect(revokeInvitation(app, null)).rejects.toThrow(NotFoundError);
  });

  test('for an email is for that email alone', async ({ app: base }) => {
    const app = withAccess(base);
    const email = `${crypto.randomUUID()}@example.org`;
    const { token } = await inviteUser(app, { role: 'MEMBER', email: email.toUpperCase() }, ADA);
    await expect(acceptInvitation(app, account(token))).rejects.toMatchObject({
      issues: [{ path: ['email'], message: `email: is not ${email}, who was invited.` }],
    });
    expect(await acceptInvitation(app, account(token, email))).toMatchObject({ email });
  });

  test('is not made for somebody who is a user', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app);
    await expect(inviteUser(app, { role: 'ADMIN', email }, ADA)).rejects.toMatchObject({
      name: 'ConflictError',
      existingId: id,
    });
    const { token } = await inviteUser(app, { role: 'ADMIN' }, ADA);
    await expect(acceptInvitation(app, account(token, email))).rejects.toThrow('is a user already');
    expect(await readInvitation(app, token)).not.toBeNull();
  });

  test.for([
    [{ password: 'too short' }, 'password: has 9 characters, at least 10 are needed.'],
    [{ password: 'x'.repeat(129) }, 'password: has 129 characters, at most 128 are allowed.'],
    [
      { email: 'long.enough@example.org', password: 'Long.Enough@Example.org' },
      'password: is the email address. Choose what nobody can look up.',
    ],
    [{ email: 'nobody' }, 'email: is not an email address, as in ada@example.org.'],
    [{ name: ' ' }, 'name: has 0 characters, at least 1 is needed.'],
    [{ name: 'a\0b' }, 'name: contains the character U+0000, remove it.'],
  ])('refuses %j', async ([wrong, message], { app: base }) => {
    const app = withAccess(base);
    const { token } = await inviteUser(app, { role: 'MEMBER' }, ADA);
    const refused = acceptInvitation(app, { ...account(token), ...(wrong as object) });
    await expect(refused).rejects.toThrow(ValidationError);
    await expect(refused).rejects.toThrow(message as string);
    expect(await readInvitation(app, token)).not.toBeNull();
  });

  test.for(['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}'`])(
    '%j is no token',
    async (token, { app }) => {
      expect(await readInvitation(app, token)).toBeNull();
    },
  );

  test('makes no sense where nobody signs in', async ({ app }) => {
    await expect(inviteUser(app, { role: 'MEMBER' }, ADA)).rejects.toThrow('AUTH=on');
  });
});

describe('the link of the first admin', () => {
  test('is made anew at each start until somebody is known', async ({ app: base }) => {
    const app = withAccess(base);
    await app.sql.query('DELETE FROM users');
    const [first, second] = [await inviteFirstAdmin(app), await inviteFirstAdmin(app)];
    expect(await readInvitation(app, first ?? '')).toBeNull();
    expect(await readInvitation(app, second ?? '')).toMatchObject({ role: 'ADMIN', first: true });
    expect(await acceptInvitation(app, account(second ?? ''))).toMatchObject({ role: 'ADMIN' });
    expect(await inviteFirstAdmin(app)).toBeNull();
  });

  test('is good once, also where several processes start at once', async ({ app: base }) => {
    const app = withAccess(base);
    await app.sql.query('DELETE FROM users');
    const links = await Promise.all(Array.from({ length: 4 }, () => inviteFirstAdmin(app)));
    const open = await Promise.all(links.map((link) => readInvitation(app, link ?? '')));
    expect(open.filter((each) => each !== null)).toHaveLength(1);
    // Even where two links are open.
    await app.sql.query('UPDATE invitations SET revoked_at = NULL WHERE created_by IS NULL');
    const all = await Promise.allSettled(
      links.map((link) => acceptInvitation(app, account(link ?? ''))),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is good for nothing once there is somebody else', async ({ app: base }) => {
    const app = withAccess(base);
    await app.sql.query('DELETE FROM users');
    const token = await inviteFirstAdmin(app);
    await makeUser(app);
    await expect(acceptInvitation(app, account(token ?? ''))).rejects.toThrow(NotFoundError);
  });
});
