import { inviteUser } from '../access/invitations.ts';
import { resetPassword } from '../access/resets.ts';
import { makeUser, withAccess } from '../test/access.ts';
import { cookieOf, entriesOf, post, viewerOf } from '../test/authRequests.ts';
import { openServer } from '../test/http.ts';
import { describe, expect, test } from '../test/test.ts';

const ADA = { name: 'ada@example.org', userId: null };

describe('an invitation', () => {
  test('is shown to whoever has the link, and accepted once', async ({ app: base }) => {
    const app = withAccess(base);
    const { token } = await inviteUser(app, { role: 'VIEWER' }, ADA);
    await using server = await openServer(app);
    const shown = await server.send(`/auth/invitation?token=${token}`);
    expect(JSON.parse(shown.body)).toEqual({
      role: 'VIEWER',
      email: null,
      expiresAt: expect.any(String),
      first: false,
      resetsPassword: false,
    });
    const account = { token, email: 'bo@example.org', name: 'Bo', password: 'a long password' };
    const answer = await post(server, '/auth/accept', account);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      user: { email: 'bo@example.org', name: 'Bo', role: 'VIEWER' },
    });
    expect(await viewerOf(server, { cookie: cookieOf(answer) })).toMatchObject({
      name: 'bo@example.org',
    });
    expect((await entriesOf(app, 'acceptInvitation'))[0]).toMatchObject({ outcome: 'OK' });
    expect((await server.send(`/auth/invitation?token=${token}`)).status).toBe(404);
    expect((await post(server, '/auth/accept', account)).status).toBe(404);
  });

  test('for a new password is accepted with that alone', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app, 'MEMBER');
    const { token } = await resetPassword(app, id, ADA);
    await using server = await openServer(app);
    const shown = await server.send(`/auth/invitation?token=${token}`);
    expect(JSON.parse(shown.body)).toMatchObject({ email, first: false, resetsPassword: true });
    expect((await post(server, '/auth/accept', { token, password: 'short' })).status).toBe(400);
    const answer = await post(server, '/auth/accept', { token, password: 'a new password' });
    expect(JSON.parse(answer.body)).toEqual({ user: { email, name: 'Ada', role: 'MEMBER' } });
    expect(await viewerOf(server, { cookie: cookieOf(answer) })).toMatchObject({ name: email });
    const [entry] = await entriesOf(app, 'takeNewPassword');
    expect(entry).toMatchObject({ actorName: email, outcome: 'OK', detail: {} });
    expect((await post(server, '/auth/accept', { token, password: 'another one' })).status).toBe(
      400,
    );
  });

  test('for an email that is taken is a conflict, and what breaks rules is listed', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const { email } = await makeUser(app);
    const { token } = await inviteUser(app, { role: 'VIEWER' }, ADA);
    await using server = await openServer(app);
    const account = { token, email, name: 'Bo', password: 'a long password' };
    expect((await post(server, '/auth/accept', account)).status).toBe(409);
    const answer = await post(server, '/auth/accept', { ...account, email: 'x', name: 'Bo' });
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'VALIDATION', issues: [{ path: ['email'] }] },
    });
  });
});
