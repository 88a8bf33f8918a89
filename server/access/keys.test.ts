import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { cookieHeader, keyHeader, makeUser, withAccess } from '../test/access.ts';
import { describe, expect, test } from '../test/test.ts';
import { type Actor, LOCAL } from './actor.ts';
import { createApiKey, makeOwnKey, revokeApiKey } from './keys.ts';
import type { Role, Scope } from './scopes.ts';

async function somebody(app: App, role: Role = 'MEMBER'): Promise<Actor> {
  const { id } = await makeUser(app, role);
  return app.access.authenticate({ headers: await cookieHeader(app, id) });
}

const actorOf = (app: App, secret: string) =>
  app.access.authenticate({ headers: { authorization: `Bearer ${secret}` } });

describe('a key', () => {
  test('does what it was made for, in the name of its owner', async ({ app: base }) => {
    const app = withAccess(base);
    const ada = await somebody(app);
    const made = await createApiKey(app, { name: 'ci', scopes: ['READ', 'RUNS_WRITE'] }, ada);
    expect(await actorOf(app, made.secret)).toMatchObject({
      kind: 'KEY',
      id: made.id,
      userId: ada.id,
      name: `key ci of ${ada.name}`,
      role: 'MEMBER',
      scopes: new Set(['READ', 'RUNS_WRITE']),
    });
  });

  test('has a name that fits wherever it is kept', async ({ app: base }) => {
    const app = withAccess(base);
    const email = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`;
    const { id } = await makeUser(app, 'ADMIN', email);
    const input = { name: 'n'.repeat(128), scopes: ['READ' as const, 'ADMIN' as const] };
    const user = await app.access.authenticate({ headers: await cookieHeader(app, id) });
    const key = await actorOf(app, (await createApiKey(app, input, user)).secret);
    await createApiKey(app, input, key);
    expect([user.name.length, key.name.length]).toEqual([160, 160]);
  });

  test('never does more than its owner may', async ({ app: base }) => {
    const app = withAccess(base);
    await makeUser(app, 'ADMIN');
    const ada = await somebody(app, 'ADMIN');
    const scopes: Scope[] = ['READ', 'TRACES_WRITE', 'ADMIN'];
    const { secret } = await createApiKey(app, { name: 'ci', scopes }, ada);
    await app.db.user.update({ where: { id: ada.id ?? '' }, data: { role: 'VIEWER' } });
    expect((await actorOf(app, secret)).scopes).toEqual(new Set(['READ']));
  });

  test('is stored as a digest alone, and says when it was last used', async ({ app: base }) => {
    const app = withAccess(base);
    const ada = await somebody(app);
    const { id, secret } = await createApiKey(app, { name: 'ci', scopes: ['READ'] }, ada);
    const row = () => app.db.apiKey.findUniqueOrThrow({ where: { id } });
    expect(await row()).toMatchObject({ prefix: secret.slice(0, 14), lastUsedAt: null });
    await actorOf(app, secret);
    const { lastUsedAt } = await row();
    expect(lastUsedAt).not.toBeNull();
    // To the minute: the next use writes nothing.
    await actorOf(app, secret);
    expect((await row()).lastUsedAt).toEqual(lastUsedAt);
    expect(JSON.stringify(await row())).not.toContain(secret.slice(14));
  });

  test('does nothing once it has expired', async ({ app: base }) => {
    const app = withAccess(base);
    const ada = await somebody(app);
    const input = { name: 'ci', scopes: ['READ' as const], expiresInDays: 30 };
    const { id, secret } = await createApiKey(app, input, ada);
    const { createdAt, expiresAt } = await app.db.apiKey.findUniqueOrThrow({ where: { id } });
    expect((expiresAt?.getTime() ?? 0) - createdAt.getTime()).toBeCloseTo(30 * 86_400_000, -3);
    await app.sql.query(`UPDATE api_keys SET expires_at = now() WHERE id = $1`, [id]);
    await expect(actorOf(app, secret)).rejects.toThrow('expired');
  });

  test.for([
    [{ scopes: [] }, 'scopes: has 0 items, at least 1 is needed.'],
    [{ scopes: ['ADMIN'] }, 'scopes: you do not have ADMIN.'],
    [{ scopes: ['RUNNER'] }, 'scopes: you do not have RUNNER.'],
    [{ name: '' }, 'name: has 0 characters'],
    [{ expiresInDays: 0 }, 'expiresInDays: is 0'],
    [{ expiresInDays: 3_651 }, 'expiresInDays: is 3651'],
  ])('of %j is not made for a member', async ([wrong, message], { app: base }) => {
    const app = withAccess(base);
    const input = { name: 'ci', scopes: ['READ'], ...(wrong as object) } as never;
    const refused = createApiKey(app, input, await somebody(app));
    await expect(refused).rejects.toThrow(ValidationError);
    await expect(refused).rejects.toThrow(message as string);
  });

  test('makes no other keys, unless it is for managing', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app, 'ADMIN');
    const of = async (scopes: Scope[]) =>
      app.access.authenticate({ headers: await keyHeader(app, scopes, id) });
    const input = { name: 'next', scopes: ['READ' as const] };
    await expect(createApiKey(app, input, await of(['READ']))).rejects.toThrow(InvalidStateError);
    const { secret } = await createApiKey(app, input, await of(['READ', 'ADMIN']));
    expect(await actorOf(app, secret)).toMatchObject({ userId: id });
  });

  test('is not made where nobody is asked for one', async ({ app }) => {
    const input = { name: 'ci', scopes: ['READ' as const] };
    await expect(createApiKey(app, input, LOCAL)).rejects.toThrow('AUTH=on');
  });
});

describe('the key of a runner', () => {
  test('is made by an admin, stands alone and opens nothing of the API', async ({ app: base }) => {
    const app = withAccess(base);
    await makeUser(app, 'ADMIN');
    const ada = await somebody(app, 'ADMIN');
    const { secret } = await createApiKey(app, { name: 'gpu-1', scopes: ['RUNNER'] }, ada);
    expect(secret).toMatch(/^trt_r_/);
    expect(await actorOf(app, secret)).toMatchObject({
      kind: 'RUNNER',
      scopes: new Set(['RUNNER']),
    });
    await expect(
      createApiKey(app, { name: 'both', scopes: ['RUNNER', 'READ'] }, ada),
    ).rejects.toThrow('RUNNER beside others');
    await app.db.user.update({ where: { id: ada.id ?? '' }, data: { role: 'MEMBER' } });
    await expect(actorOf(app, secret)).rejects.toThrow('revoked');
  });

  test('that `npm start` makes ends the one of its last start, and no other', async ({
    app: base,
  }) => {
    const app = withAccess(base);
    const first = await makeOwnKey(app, 'npm start on here', ['RUNNER']);
    const elsewhere = await makeOwnKey(app, 'npm start on there', ['RUNNER']);
    const second = await makeOwnKey(app, 'npm start on here', ['RUNNER']);
    await expect(actorOf(app, first)).rejects.toThrow('revoked');
    expect((await actorOf(app, elsewhere)).kind).toBe('RUNNER');
    expect((await actorOf(app, second)).name).toBe('key npm start on here');
  });
});

describe('revokeApiKey', () => {
  test('is for one’s own keys, or for an admin', async ({ app: base }) => {
    const app = withAccess(base);
    const [ada, bo, admin] = [
      await somebody(app),
      await somebody(app),
      await somebody(app, 'ADMIN'),
    ];
    const { id, secret } = await createApiKey(app, { name: 'ci', scopes: ['READ'] }, ada);
    await expect(revokeApiKey(app, id, bo)).rejects.toThrow(NotFoundError);
    const leaked = await createApiKey(app, { name: 'leaked', scopes: ['READ'] }, ada);
    const key = await actorOf(app, leaked.secret);
    await expect(revokeApiKey(app, id, key)).rejects.toThrow(NotFoundError);
    await revokeApiKey(app, leaked.id, key);
    await revokeApiKey(app, id, ada);
    await expect(actorOf(app, secret)).rejects.toThrow('revoked');
    const { revokedAt } = await app.db.apiKey.findUniqueOrThrow({ where: { id } });
    await revokeApiKey(app, id, admin);
    expect((await app.db.apiKey.findUniqueOrThrow({ where: { id } })).revokedAt).toEqual(revokedAt);
    await expect(revokeApiKey(app, null, admin)).rejects.toThrow(NotFoundError);
  });
});
