/** Keys of programs: made, shown once, revoked. */
import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { head } from '../lib/text.ts';
import type { Actor } from './actor.ts';
import { requireAccess } from './invitations.ts';
import { Name, ScopeName } from './model.ts';
import type { Scope } from './scopes.ts';
import { digestOf, newKey, prefixOf } from './secrets.ts';

const NewKey = z.strictObject({
  name: Name,
  scopes: z
    .array(ScopeName)
    .min(1)
    .transform((scopes) => [...new Set(scopes)])
    .refine((scopes) => !scopes.includes('RUNNER') || scopes.length === 1, {
      error: 'has RUNNER beside others. Make a key of its own for a runner',
    }),
  expiresInDays: z.int().min(1).max(3_650).nullish(),
});

/**
 * Makes a key of whoever asks. Its secret is told here and never again.
 * @throws ValidationError when it would do more than they may; InvalidStateError where access is off, or
 * when a key asks that is not for managing
 */
export async function createApiKey(
  app: Pick<App, 'sql' | 'config'>,
  input: z.input<typeof NewKey>,
  by: Actor,
): Promise<{ id: string; secret: string }> {
  requireAccess(app);
  // One that leaks could otherwise make others that outlive it.
  if (by.kind === 'KEY' && !by.scopes.has('ADMIN')) {
    throw new InvalidStateError('A key makes no other keys. Sign in and make it there.', by.kind);
  }
  const { name, scopes, expiresInDays } = parse(NewKey, input);
  const mayGive = (scope: Scope) => by.scopes.has(scope === 'RUNNER' ? 'ADMIN' : scope);
  const beyond = scopes.filter((scope) => !mayGive(scope));
  if (beyond.length > 0) {
    const message = `scopes: you do not have ${beyond.join(', ')}. Leave out what you may not do yourself.`;
    throw new ValidationError([{ path: ['scopes'], code: 'BEYOND_OWN', message }]);
  }
  return insertKey(app, {
    name,
    scopes,
    ownerId: by.userId,
    createdBy: by.name,
    expiresInDays: expiresInDays ?? null,
  });
}

/** Stores a new key and tells its secret. */
export async function insertKey(
  app: Pick<App, 'sql'>,
  key: {
    name: string;
    scopes: readonly Scope[];
    ownerId: string | null;
    createdBy: string;
    expiresInDays: number | null;
  },
): Promise<{ id: string; secret: string }> {
  const id = randomUUIDv7();
  const secret = newKey(key.scopes.includes('RUNNER') ? 'r' : 'k');
  await app.sql.query(
    `INSERT INTO api_keys (id, name, prefix, key_hash, scopes, owner_id, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(days => $8))`,
    [
      id,
      key.name,
      prefixOf(secret),
      digestOf(secret),
      key.scopes,
      key.ownerId,
      key.createdBy,
      key.expiresInDays,
    ],
  );
  return { id, secret };
}

/**
 * A new key for what `npm start` brings, such as its runner; the one of its last start does nothing any
 * more. It has no owner.
 */
export async function makeOwnKey(
  app: Pick<App, 'sql'>,
  name: string,
  scopes: readonly Scope[],
  expiresInDays: number | null = null,
): Promise<string> {
  const own = { name: head(name, 128), scopes, ownerId: null, createdBy: 'npm start' };
  await app.sql.query(
    `UPDATE api_keys SET revoked_at = clock_timestamp()
     WHERE owner_id IS NULL AND name = $1 AND revoked_at IS NULL`,
    [own.name],
  );
  return (await insertKey(app, { ...own, expiresInDays })).secret;
}

/**
 * Makes a key do nothing any more, at once; again is no error. Whoever is no admin has only their own, and
 * a key that is not for managing has only itself: one that leaks could otherwise end the others.
 * @throws NotFoundError
 */
export async function revokeApiKey(
  app: Pick<App, 'sql' | 'bell'>,
  id: string | null,
  by: Actor,
): Promise<{ id: string }> {
  const { rows } = await app.sql.query<{ id: string }>(
    `UPDATE api_keys SET revoked_at = coalesce(revoked_at, clock_timestamp())
     WHERE id = $1 AND ($2 OR owner_id = $3 AND ($4::uuid IS NULL OR id = $4)) RETURNING id`,
    [id, by.scopes.has('ADMIN'), by.userId, by.kind === 'KEY' ? by.id : null],
  );
  const [key] = rows;
  if (!key) {
    throw new NotFoundError('ApiKey', 'You have no such key. List yours with `apiKeys`.');
  }
  app.bell.ring('access');
  return key;
}
