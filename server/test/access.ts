/** A system that asks who comes, and people and keys for it. */
import { randomUUIDv7 } from 'node:crypto';
import { openAccess, SESSION_COOKIE } from '../access/access.ts';
import { insertKey } from '../access/keys.ts';
import { hashPassword } from '../access/passwords.ts';
import type { Role, Scope } from '../access/scopes.ts';
import { startSession } from '../access/sessions.ts';
import type { App } from '../app.ts';

export const PASSWORD = 'correct horse battery';

/** The app with access on, and counts of attempts of its own. */
export function withAccess(app: App, config: Partial<App['config']> = {}): App {
  const access = { ...app.config.access, required: true };
  const asking = { ...app, config: { ...app.config, access, ...config } };
  return { ...asking, access: openAccess(asking) };
}

let hash: Promise<string> | undefined;

/** Somebody whose password is PASSWORD. */
export async function makeUser(
  app: Pick<App, 'db'>,
  role: Role = 'MEMBER',
  email = `${randomUUIDv7()}@example.org`,
) {
  hash ??= hashPassword(PASSWORD);
  const passwordHash = await hash;
  return app.db.user.create({
    data: { id: randomUUIDv7(), email, name: 'Ada', role, passwordHash },
  });
}

/** A key that is good, of its owner if one is given. */
export const makeKey = (
  app: Pick<App, 'sql'>,
  scopes: readonly Scope[],
  ownerId: string | null = null,
) => insertKey(app, { name: 'ci', scopes, ownerId, createdBy: 'test', expiresInDays: null });

/** The header of a program with a new key. */
export async function keyHeader(
  app: Pick<App, 'sql'>,
  scopes: readonly Scope[],
  ownerId: string | null = null,
) {
  return { authorization: `Bearer ${(await makeKey(app, scopes, ownerId)).secret}` };
}

/** The header of a browser in which somebody has just signed in. */
export async function cookieHeader(app: Pick<App, 'sql' | 'config'>, userId: string) {
  const text = 'SELECT id, password_hash AS hash FROM users WHERE id = $1';
  const { rows } = await app.sql.query<{ id: string; hash: string }>(text, [userId]);
  const session = rows[0] && (await startSession(app, rows[0], null));
  if (!session) throw new Error('nobody who could sign in');
  return { cookie: `${SESSION_COOKIE}=${session.token}` };
}
