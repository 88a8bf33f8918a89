/** Links for new people and new passwords: made, taken back, and ended with whoever made them. */
import { inviteUser } from '../server/access/invitations.ts';
import { makeUser } from '../server/test/access.ts';
import { openServer } from '../server/test/http.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { askAs, cast } from './test/people.ts';

describe('an admin', () => {
  test('invites somebody by a link that is told once', async ({ app: base }) => {
    const { app, admin } = await cast(base);
    await using server = await openServer(app);
    const invite = `mutation ($input: InviteUserInput!) { inviteUser(input: $input) {
      ... on InviteUserPayload { url invitation { id role email createdBy viewerCanRevoke } }
      ... on ConflictError { message } } }`;
    const input = { role: 'VIEWER', email: 'Bo@example.org' };
    const { data } = await askAs(server, admin.headers, invite, { input });
    const { url, invitation } = data.inviteUser as { url: string; invitation: { id: string } };
    expect(url).toMatch(new RegExp(`^${server.url}/invitation\\?token=[\\w-]{43}$`));
    expect(invitation).toMatchObject({
      role: 'VIEWER',
      email: 'bo@example.org',
      createdBy: admin.email,
      viewerCanRevoke: true,
    });
    const token = new URL(url).searchParams.get('token') ?? '';
    expect((await server.send(`/auth/invitation?token=${token}`)).status).toBe(200);
    const revoke = `mutation ($input: RevokeInvitationInput!) { revokeInvitation(input: $input) {
      ... on RevokeInvitationPayload { invitation { revokedAt viewerCanRevoke } } } }`;
    const revoked = await askAs(server, admin.headers, revoke, {
      input: { invitationId: invitation.id },
    });
    expect(revoked.data.revokeInvitation).toEqual({
      invitation: { revokedAt: expect.any(String), viewerCanRevoke: false },
    });
    expect((await server.send(`/auth/invitation?token=${token}`)).status).toBe(404);
  });

  test('makes a link for who forgot their password', async ({ app: base }) => {
    const { app, admin, member } = await cast(base);
    await using server = await openServer(app);
    const reset = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) {
      ... on ResetPasswordPayload { url user { email viewerCanResetPassword }
        expiresAt } ... on Error { code } } }`;
    const userId = globalId('User', member.id);
    const asked = async (headers: Record<string, string>) =>
      askAs(server, headers, reset, { input: { userId } });
    expect((await asked(admin.headers)).data.resetPassword).toEqual({
      url: expect.stringMatching(/\/invitation\?token=[\w-]{43}$/),
      user: { email: member.email, viewerCanResetPassword: true },
      expiresAt: expect.any(String),
    });
    const list = '{ invitations(first: 1) { edges { node { createdBy user { email } } } } }';
    expect((await askAs(server, admin.headers, list)).data.invitations).toEqual({
      edges: [{ node: { createdBy: admin.email, user: { email: member.email } } }],
    });
    const entry = await app.db.auditEntry.findFirstOrThrow({ where: { action: 'resetPassword' } });
    expect(entry).toMatchObject({ actorName: admin.email, target: userId, outcome: 'OK' });
    expect(JSON.stringify(entry.detail)).not.toContain('token');
    expect((await asked(member.headers)).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    await app.db.user.update({ where: { id: member.id }, data: { disabledAt: new Date() } });
    expect((await asked(admin.headers)).data.resetPassword).toEqual({ code: 'INVALID_STATE' });
  });

  test('ends the open links of whoever they disable, and each is recorded', async ({
    app: base,
  }) => {
    const { app, admin } = await cast(base);
    const other = await makeUser(app, 'ADMIN');
    const { id } = await inviteUser(
      app,
      { role: 'ADMIN' },
      { name: other.email, userId: other.id },
    );
    await using server = await openServer(app);
    const change = `mutation ($input: ChangeUserInput!) { changeUser(input: $input) { __typename } }`;
    const madeBy = globalId('User', other.id);
    const { data } = await askAs(server, admin.headers, change, {
      input: { userId: madeBy, disabled: true },
    });
    expect(data.changeUser).toEqual({ __typename: 'ChangeUserPayload' });
    const target = globalId('Invitation', id);
    const entries = await app.db.auditEntry.findMany({ where: { target } });
    expect(entries).toMatchObject([
      { action: 'revokeInvitation', actorName: admin.email, outcome: 'OK', detail: { madeBy } },
    ]);
    const list = '{ invitations(first: 1) { edges { node { id revokedAt viewerCanRevoke } } } }';
    expect((await askAs(server, admin.headers, list)).data.invitations).toEqual({
      edges: [{ node: { id: target, revokedAt: expect.any(String), viewerCanRevoke: false } }],
    });
  });
});
