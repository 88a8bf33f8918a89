/** One-time links by which somebody who forgot their password chooses a new one. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { InvalidStateError, NotFoundError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { inTransaction } from '../lib/transaction.ts';
import type { Actor } from './actor.ts';
import { gone, IS_OPEN, insertInvitation, readInvitation, requireAccess } from './invitations.ts';
import { passwordFor } from './model.ts';
import { hashPassword } from './passwords.ts';
import type { Role } from './scopes.ts';
import { digestOf } from './secrets.ts';
import type { Proven } from './sessions.ts';

/** Shorter than an invitation: the account is there already. */
const DAYS = 1;

/**
 * Makes a link by which a user chooses a new password, once; one made before ends. Until it is used the
 * old password stays good. Its token is told here and never again.
 * @throws NotFoundError; InvalidStateError where access is off, or when the user is disabled
 */
export async function resetPassword(
  app: Pick<App, 'sql' | 'config'>,
  userId: string | null,
  by: Pick<Actor, 'name' | 'userId'>,
): Promise<{ id: string; token: string; userId: string }> {
  requireAccess(app);
  return inTransaction(app.sql, async (sql) => {
    // Of two links at once, the second ends the first.
    const { rows } = await sql.query<{ id: string; email: string; role: Role; disabled: boolean }>(
      `SELECT id, email, role, disabled_at IS NOT NULL AS disabled FROM users
       WHERE id = $1 FOR NO KEY UPDATE`,
      [userId],
    );
    const [user] = rows;
    if (!user) throw new NotFoundError('User', 'There is no such user. List them with `users`.');
    if (user.disabled) {
      throw new InvalidStateError('They are disabled. Let them in again first.', 'DISABLED');
    }
    await sql.query(
      `UPDATE invitations SET revoked_at = clock_timestamp() WHERE user_id = $1 AND ${IS_OPEN}`,
      [user.id],
    );
    const { email, role } = user;
    const of = { role, email, userId: user.id, by, days: DAYS };
    return { ...(await insertInvitation(sql, of)), userId: user.id };
  });
}

/**
 * Gives the user of such a link a new password and signs them out everywhere.
 * @throws ValidationError, NotFoundError when the link is no longer good
 */
export async function takeNewPassword(
  app: Pick<App, 'sql' | 'bell'>,
  input: { token: string; password: string },
): Promise<Proven> {
  const open = await readInvitation(app, input.token);
  if (!open?.email || !open.resetsPassword) throw gone();
  const { password } = parse(z.object({ password: passwordFor(open.email) }), {
    password: input.password,
  });
  const passwordHash = await hashPassword(password);
  const user = await inTransaction(app.sql, async (sql) => {
    // Of two who come at once, the second waits here and then finds it used. The user comes first, as when
    // a link is made: the two would otherwise wait for each other.
    await sql.query(
      `SELECT FROM users WHERE id = (SELECT user_id FROM invitations WHERE token_hash = $1)
       FOR NO KEY UPDATE`,
      [digestOf(input.token)],
    );
    const { rows } = await sql.query<{ userId: string }>(
      `UPDATE invitations SET used_at = clock_timestamp()
       WHERE token_hash = $1 AND user_id IS NOT NULL AND ${IS_OPEN} RETURNING user_id AS "userId"`,
      [digestOf(input.token)],
    );
    const changed = await sql.query<Proven>(
      `UPDATE users SET password_hash = $2 WHERE id = $1 AND disabled_at IS NULL
       RETURNING id, email, name, role, password_hash AS hash`,
      [rows[0]?.userId ?? null, passwordHash],
    );
    const [found] = changed.rows;
    if (!found) throw gone();
    await sql.query('DELETE FROM sessions WHERE user_id = $1', [found.id]);
    return found;
  });
  app.bell.ring('access');
  return user;
}
