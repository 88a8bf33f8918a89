import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { cookieHeader, makeUser, PASSWORD, withAccess } from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import { ANONYMOUS } from './actor.ts';
import { acceptInvitation, readInvitation, revokeInvitation } from './invitations.ts';
import { resetPassword, takeNewPassword } from './resets.ts';
import { checkPassword } from './sessions.ts';
import { changeUser } from './users.ts';

const ADMIN = { name: 'ada@example.org', userId: null };
const NEXT = 'a password to remember';

describe('a link for a new password', () => {
  test('gives it once, and signs out everywhere', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app, 'VIEWER');
    const headers = await cookieHeader(app, id);
    const { token } = await resetPassword(app, id, ADMIN);
    const facts = { role: 'VIEWER', email, first: false, resetsPassword: true };
    expect(await readInvitation(app, token)).toMatchObject(facts);
    // Whoever makes a link does not lock anybody out.
    expect(await checkPassword(app, { email, password: PASSWORD }, null)).toMatchObject({ id });
    expect(await takeNewPassword(app, { token, password: NEXT })).toMatchObject({
      id,
      email,
      role: 'VIEWER',
    });
    expect(await app.access.authenticate({ headers })).toBe(ANONYMOUS);
    expect(await checkPassword(app, { email, password: PASSWORD }, null)).toBeNull();
    expect(await checkPassword(app, { email, password: NEXT }, null)).toMatchObject({ id });
    await expect(takeNewPassword(app, { token, password: NEXT })).rejects.toThrow(NotFoundError);
  });

  test('works once even of many who come at once', async ({ app: base }) => {
    const app = withAccess(base);
    const { token } = await resetPassword(app, (await makeUser(app)).id, ADMIN);
    const all = Array.from({ length: 8 }, () => takeNewPassword(app, { token, password: NEXT }));
    const results = await Promise.allSettled(all);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('holds a day, and ends with the next one, or when it is taken back', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const first = await resetPassword(app, id, ADMIN);
    const second = await resetPassword(app, id, ADMIN);
    expect(await readInvitation(app, first.token)).toBeNull();
    const row = await app.db.invitation.findUniqueOrThrow({ where: { id: second.id } });
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBeCloseTo(86_400_000, -3);
    expect(JSON.stringify(row)).not.toContain(second.token);
    await revokeInvitation(app, second.id);
    await expect(takeNewPassword(app, { token: second.token, password: NEXT })).rejects.toThrow(
      'was used or has expired',
    );
  });

  test('makes nobody, and an invitation gives no password to somebody', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app);
    const { token } = await resetPassword(app, id, ADMIN);
    const account = { token, email, name: 'Bo', password: NEXT };
    await expect(acceptInvitation(app, account)).rejects.toThrow(NotFoundError);
    const weak = takeNewPassword(app, { token, password: 'short' });
    await expect(weak).rejects.toThrow(ValidationError);
    expect(await readInvitation(app, token)).not.toBeNull();
  });

  test('is neither made for nor used by somebody who is disabled', async ({ app: base }) => {
    const app = withAccess(base);
    await makeUser(app, 'ADMIN');
    const { id } = await makeUser(app);
    const { token } = await resetPassword(app, id, ADMIN);
    await changeUser(app, id, { disabled: true });
    await expect(takeNewPassword(app, { token, password: NEXT })).rejects.toThrow(NotFoundError);
    await expect(resetPassword(app, id, ADMIN)).rejects.toThrow(InvalidStateError);
    await expect(resetPassword(app, null, ADMIN)).rejects.toThrow(NotFoundError);
  });

  test('makes no sense where nobody signs in', async ({ app }) => {
    await expect(resetPassword(app, null, ADMIN)).rejects.toThrow('AUTH=on');
  });
});
