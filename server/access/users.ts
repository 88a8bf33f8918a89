/** What is done with people who are users: changed, disabled, given a new password. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { App } from '../app.ts';
import { ConflictError, InvalidStateError, NotFoundError, ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { inTransaction } from '../lib/transaction.ts';
import type { Actor } from './actor.ts';
import { revokeLinksOf } from './invitations.ts';
import { Name, passwordFor, Role } from './model.ts';
import { hashPassword, isPassword } from './passwords.ts';
import type { Role as RoleName } from './scopes.ts';

const UserChange = z.strictObject({
  role: Role.optional(),
  name: Name.optional(),
  disabled: z.boolean().optional(),
});

/**
 * Changes a user. One who is disabled is signed out everywhere, and their keys do nothing. The links that
 * somebody made who is no admin any more, for new users and new passwords, end: `endedLinks` names them.
 * @throws ValidationError, NotFoundError, ConflictError when nobody would be left to administer
 */
export async function changeUser(
  app: Pick<App, 'sql' | 'bell'>,
  id: string | null,
  input: z.input<typeof UserChange>,
): Promise<{ id: string; endedLinks: string[] }> {
  const change = parse(UserChange, input);
  const changed = await inTransaction(app.sql, async (sql) => {
    await requireOtherAdmin(sql, id, change);
    const { rows } = await sql.query<{ id: string; isAdmin: boolean }>(
      `UPDATE users SET role = coalesce($2::"UserRole", role), name = coalesce($3, name),
         disabled_at = CASE WHEN $4::boolean IS NULL THEN disabled_at
                            WHEN $4 THEN coalesce(disabled_at, clock_timestamp()) END
       WHERE id = $1 RETURNING id, role = 'ADMIN' AND disabled_at IS NULL AS "isAdmin"`,
      [id, change.role ?? null, change.name ?? null, change.disabled ?? null],
    );
    if (change.disabled) await sql.query('DELETE FROM sessions WHERE user_id = $1', [id]);
    const [user] = rows;
    return (
      user && { id: user.id, endedLinks: user.isAdmin ? [] : await revokeLinksOf(sql, user.id) }
    );
  });
  if (!changed) throw new NotFoundError('User', 'There is no such user. List them with `users`.');
  app.bell.ring('access');
  return changed;
}

/**
 * Of two changes at once, the second waits for the first; a link that one of them makes, whose row only
 * refers to them, does not.
 */
async function requireOtherAdmin(
  sql: PoolClient,
  id: string | null,
  change: { role?: RoleName | undefined; disabled?: boolean | undefined },
): Promise<void> {
  if (!change.disabled && (change.role ?? 'ADMIN') === 'ADMIN') return;
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM users WHERE role = 'ADMIN' AND disabled_at IS NULL ORDER BY id
     FOR NO KEY UPDATE`,
  );
  if (rows.length !== 1 || rows[0]?.id !== id) return;
  const message = 'This is the only admin who can sign in. Make another first.';
  throw new ConflictError('User', message, rows[0]?.id);
}

/**
 * Gives whoever is signed in a new password and signs them out everywhere else.
 * @throws ValidationError, InvalidStateError when no person asks, TooManyAttempts
 */
export async function changePassword(
  app: Pick<App, 'sql' | 'bell' | 'access'>,
  input: { current: string; next: string },
  by: Actor,
): Promise<{ id: string }> {
  if (by.kind !== 'USER' || by.credential?.kind !== 'SESSION') {
    throw new InvalidStateError('Only somebody who is signed in has a password.', by.kind);
  }
  const { rows } = await app.sql.query<{ email: string; hash: string }>(
    'SELECT email, password_hash AS hash FROM users WHERE id = $1',
    [by.id],
  );
  const [user] = rows;
  if (!user) throw new NotFoundError('User', 'The account is gone.');
  const { next } = parse(z.object({ next: passwordFor(user.email) }), { next: input.next });
  const known = await app.access.attempts.guarded({ email: user.email, address: null }, () =>
    isPassword(input.current, user.hash),
  );
  if (!known) throw wrongPassword();
  const hash = await hashPassword(next);
  const sessionId = by.credential.id;
  await inTransaction(app.sql, async (sql) => {
    // Both passwords take a while. What an admin's link has set meanwhile, or whoever changed it first, stays.
    const { rowCount } = await sql.query(
      'UPDATE users SET password_hash = $2 WHERE id = $1 AND password_hash = $3 AND disabled_at IS NULL',
      [by.id, hash, user.hash],
    );
    if (rowCount === 0) throw wrongPassword();
    const here = await sql.query('SELECT FROM sessions WHERE id = $1', [sessionId]);
    if (here.rowCount === 0) {
      throw new InvalidStateError('You have been signed out. Sign in again.', 'SIGNED_OUT');
    }
    await sql.query('DELETE FROM sessions WHERE user_id = $1 AND id <> $2', [by.id, sessionId]);
  });
  app.bell.ring('access');
  return { id: by.id ?? '' };
}

function wrongPassword(): ValidationError {
  const message = 'current: this is not your password.';
  return new ValidationError([{ path: ['current'], code: 'WRONG', message }]);
}
