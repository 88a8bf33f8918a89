/** People and keys through the API: who sees and changes what. */
import { keyHeader, makeKey, PASSWORD } from '../server/test/access.ts';
import { openServer } from '../server/test/http.ts';
import { describe, expect, test } from '../server/test/test.ts';
import { globalId } from './ids.ts';
import { askAs, cast } from './test/people.ts';

describe('an admin', () => {
  test('sees and changes everybody, but is not left without an admin', async ({ app: base }) => {
    const { app, admin, member } = await cast(base);
    await app.db.user.updateMany({ where: { id: { not: admin.id } }, data: { role: 'MEMBER' } });
    await using server = await openServer(app);
    const list =
      '{ users(first: 100) { edges { node { email isYou isOnlyAdmin viewerCanChange } } } }';
    const { users } = (await askAs(server, admin.headers, list)).data as {
      users: { edges: { node: object }[] };
    };
    expect(users.edges.map(({ node }) => node)).toEqual(
      expect.arrayContaining([
        { email: admin.email, isYou: true, isOnlyAdmin: true, viewerCanChange: true },
        { email: member.email, isYou: false, isOnlyAdmin: false, viewerCanChange: true },
      ]),
    );
    const change = `mutation ($input: ChangeUserInput!) { changeUser(input: $input) { __typename
      ... on ChangeUserPayload { user { role disabledAt } } ... on ConflictError { message } } }`;
    const changed = async (input: object) =>
      (await askAs(server, admin.headers, change, { input })).data.changeUser;
    expect(
      await changed({ userId: globalId('User', member.id), role: 'VIEWER', disabled: true }),
    ).toEqual({
      __typename: 'ChangeUserPayload',
      user: { role: 'VIEWER', disabledAt: expect.any(String) },
    });
    expect(await changed({ userId: globalId('User', admin.id), role: 'MEMBER' })).toEqual({
      __typename: 'ConflictError',
      message: 'This is the only admin who can sign in. Make another first.',
    });
    await changed({ userId: globalId('User', member.id), role: 'ADMIN', disabled: false });
    const only = '{ users(first: 100) { edges { node { isOnlyAdmin } } } }';
    expect(JSON.stringify((await askAs(server, admin.headers, only)).data)).not.toContain('true');
  });
});

describe('a member', () => {
  test('has keys that end themselves and not each other', async ({ app: base }) => {
    const { app, member } = await cast(base);
    const [own, other] = [
      await makeKey(app, ['READ'], member.id),
      await makeKey(app, ['READ'], member.id),
    ];
    await using server = await openServer(app);
    const ids = [globalId('ApiKey', own.id), globalId('ApiKey', other.id)];
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ApiKey { viewerCanRevoke } } }';
    const seenAs = async (headers: Record<string, string>) =>
      (await askAs(server, headers, query, { ids })).data.nodes;
    const [yes, no] = [{ viewerCanRevoke: true }, { viewerCanRevoke: false }];
    expect(await seenAs(member.headers)).toEqual([yes, yes]);
    expect(await seenAs({ authorization: `Bearer ${own.secret}` })).toEqual([yes, no]);
  });

  test('sees themselves and their keys, and nobody else', async ({ app: base }) => {
    const { app, admin, member } = await cast(base);
    const theirs = await makeKey(app, ['READ'], admin.id);
    const own = await makeKey(app, ['READ'], member.id);
    await makeKey(app, ['RUNNER']);
    await using server = await openServer(app);
    const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on User { email } ... on ApiKey { prefix owner { email } } } }`;
    const seen = await askAs(server, member.headers, nodes, {
      ids: [globalId('User', member.id), globalId('ApiKey', own.id)],
    });
    expect(seen.data.nodes).toEqual([
      { email: member.email },
      { prefix: own.secret.slice(0, 14), owner: { email: member.email } },
    ]);
    for (const id of [globalId('User', admin.id), globalId('ApiKey', theirs.id)]) {
      const hidden = await askAs(server, member.headers, nodes, { ids: [id] });
      expect(JSON.stringify(hidden)).not.toContain(admin.email);
      expect(JSON.stringify(hidden)).not.toContain(theirs.secret.slice(0, 14));
      expect(hidden.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    const list = '{ apiKeys { totalCount edges { node { name viewerCanRevoke } } } }';
    expect((await askAs(server, member.headers, list)).data.apiKeys).toEqual({
      totalCount: 1,
      edges: [{ node: { name: 'ci', viewerCanRevoke: true } }],
    });
    const all = (await askAs(server, admin.headers, list)).data.apiKeys;
    expect((all as { totalCount: number }).totalCount).toBeGreaterThanOrEqual(3);
  });

  test('makes a key that is told once, and revokes it', async ({ app: base }) => {
    const { app, member } = await cast(base);
    await using server = await openServer(app);
    const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
      ... on CreateApiKeyPayload { secret apiKey { id scopes expiresAt revokedAt } }
      ... on ValidationError { issues { path code } } } }`;
    const made = async (input: object) =>
      (await askAs(server, member.headers, create, { input })).data.createApiKey;
    expect(await made({ name: 'ci', scopes: ['READ', 'ADMIN'] })).toEqual({
      issues: [{ path: ['scopes'], code: 'BEYOND_OWN' }],
    });
    const key = (await made({ name: 'ci', scopes: ['READ'], expiresInDays: 7 })) as {
      secret: string;
      apiKey: { id: string };
    };
    expect(key.apiKey).toMatchObject({ scopes: ['READ'], revokedAt: null });
    const headers = { authorization: `Bearer ${key.secret}` };
    const viewer = '{ viewer { kind scopes user { email } } }';
    expect((await askAs(server, headers, viewer)).data.viewer).toEqual({
      kind: 'KEY',
      scopes: ['READ'],
      user: { email: member.email },
    });
    const revoke = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
      ... on RevokeApiKeyPayload { apiKey { revokedAt } } } }`;
    await askAs(server, member.headers, revoke, { input: { apiKeyId: key.apiKey.id } });
    const answer = await server.send('/export/ungar/high-card-duel.jsonl', { headers });
    expect(answer.status).toBe(401);
  });

  test('is stopped when guessing passwords, even in one request', async ({ app: base }) => {
    const { app, member } = await cast(base);
    await using server = await openServer(app);
    const fields = Array.from(
      { length: 30 },
      (_, i) => `m${i}: changePassword(input: {current: "guess ${i}", next: "another long one"})
        { __typename }`,
    );
    const { errors } = await askAs(server, member.headers, `mutation { ${fields.join('\n')} }`);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
    });
    const change = `mutation { changePassword(input: {current: "${PASSWORD}",
      next: "another long one"}) { __typename } }`;
    const after = await askAs(server, member.headers, change);
    expect(after.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED' });
  });
});

test('an admin’s key without the scope ADMIN manages nothing', async ({ app: base }) => {
  const { app, admin } = await cast(base);
  await using server = await openServer(app);
  const headers = await keyHeader(app, ['READ'], admin.id);
  const { errors } = await askAs(server, headers, '{ users { totalCount } }');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
});
