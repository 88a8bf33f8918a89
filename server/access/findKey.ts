import type { Pool } from 'pg';
import { type Actor, actorName } from './actor.ts';
import { ROLE_SCOPES, type Role, type Scope } from './scopes.ts';
import { digestOf, isKey, isSecret } from './secrets.ts';

type Found = {
  id: string;
  name: string;
  digest: string;
  scopes: Scope[];
  expiresAt: Date | null;
  ownerId: string | null;
  email: string | null;
  role: Role | null;
  isOld: boolean;
};

/**
 * As a condition on a key `k` and its owner `u`: it was not revoked, has not expired, and its owner may
 * still do what it is for.
 */
export const KEY_HOLDS = `(k.revoked_at IS NULL
  AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
  AND (k.owner_id IS NULL OR u.disabled_at IS NULL)
  AND (k.owner_id IS NULL OR u.role = 'ADMIN' OR NOT 'RUNNER' = ANY(k.scopes)))`;

/** It has a name, so that a connection plans it once: every request of a program asks it. */
const FIND = {
  name: 'find-key',
  text: `
    SELECT k.id, k.name, k.key_hash AS digest, k.scopes, k.expires_at AS "expiresAt",
           k.owner_id AS "ownerId", u.email, u.role,
           k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute' AS "isOld"
    FROM api_keys k LEFT JOIN users u ON u.id = k.owner_id
    WHERE k.key_hash = $1 AND ${KEY_HOLDS}`,
};

/** Whoever a key stands for, with what both it and its owner may do; null when it is not good. */
export async function findKey(app: { sql: Pool }, key: string): Promise<Actor | null> {
  if (!isKey(key)) return null;
  const { rows } = await app.sql.query<Found>({ ...FIND, values: [digestOf(key)] });
  const [found] = rows;
  if (!found || !isSecret(key, found.digest)) return null;
  if (found.isOld) {
    await app.sql.query('UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id = $1', [
      found.id,
    ]);
  }
  const { id, name, ownerId, email, role, expiresAt } = found;
  return {
    kind: found.scopes.includes('RUNNER') ? 'RUNNER' : 'KEY',
    id,
    userId: ownerId,
    name: actorName(email ? `key ${name} of ${email}` : `key ${name}`),
    role,
    scopes: scopesOf(found),
    credential: { kind: 'KEY', id, expiresAt },
  };
}

/** What the key was made for, as far as its owner may still do it. That of a runner opens one thing. */
export function scopesOf({ scopes, role }: Pick<Found, 'scopes' | 'role'>): ReadonlySet<Scope> {
  if (scopes.includes('RUNNER')) return new Set(['RUNNER']);
  // What `npm start` makes for itself has no owner.
  const own: readonly Scope[] = role ? ROLE_SCOPES[role] : scopes;
  return new Set(scopes.filter((scope) => own.includes(scope)));
}
