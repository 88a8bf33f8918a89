/** One-time links by which somebody becomes a user. */
import { randomUUIDv7 } from 'node:crypto';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { App } from '../app.ts';
import { ConflictError, InvalidStateError, NotFoundError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { inTransaction } from '../lib/transaction.ts';
import type { Actor } from './actor.ts';
import { Email, Name, passwordFor, Role } from './model.ts';
import { hashPassword } from './passwords.ts';
import type { Role as RoleName } from './scopes.ts';
import { digestOf, isToken, newToken } from './secrets.ts';
import type { Proven } from './sessions.ts';

const DAYS = 7;

const IS_UNUSED = '(used_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp())';

/**
 * As a condition on its row: it can still be accepted. Whoever made it is still an admin: a link made at
 * the moment they were disabled was there too late to be revoked.
 */
export const IS_OPEN = `(${IS_UNUSED}
  AND NOT EXISTS (SELECT FROM users maker WHERE maker.id = created_by_id
    AND (maker.disabled_at IS NOT NULL OR maker.role <> 'ADMIN')))`;

/** Held by whoever makes or takes the place of the first admin: two processes may start at once. */
const ONE_FIRST = `SELECT pg_advisory_xact_lock(hashtext('tunix_rt first admin'))`;

const NewInvitation = z.strictObject({ role: Role, email: Email.nullish() });

/** Refuses what only makes sense where people sign in. */
export function requireAccess(app: Pick<App, 'config'>): void {
  if (app.config.access.required) return;
  const message = 'Nobody signs in here: access is off. Start Tunix RT with AUTH=on first.';
  throw new InvalidStateError(message, 'OFF');
}

/**
 * Makes a link for one new user. Its token is told here and never again.
 * @throws ValidationError, InvalidStateError where access is off, ConflictError when there is such a user
 */
export async function inviteUser(
  app: Pick<App, 'sql' | 'config'>,
  input: z.input<typeof NewInvitation>,
  by: Pick<Actor, 'name' | 'userId'>,
): Promise<{ id: string; token: string }> {
  requireAccess(app);
  const { role, email } = parse(NewInvitation, input);
  if (email) {
    const { rows } = await app.sql.query<{ id: string }>('SELECT id FROM users WHERE email = $1', [
      email,
    ]);
    if (rows[0]) {
      throw new ConflictError('User', `${email} is a user already. Change their role.`, rows[0].id);
    }
  }
  return insertInvitation(app.sql, {
    ...{ role, email: email ?? null, userId: null, by },
    days: DAYS,
  });
}

/** Stores a new link and tells its token; `userId` says whose password it sets anew, null for a new user. */
export async function insertInvitation(
  sql: Pick<App['sql'] | PoolClient, 'query'>,
  of: {
    role: RoleName;
    email: string | null;
    userId: string | null;
    by: Pick<Actor, 'name' | 'userId'> | null;
    days: number;
  },
): Promise<{ id: string; token: string }> {
  const id = randomUUIDv7();
  const token = newToken();
  await sql.query(
    `INSERT INTO invitations (id, token_hash, role, email, user_id, created_by, created_by_id, expires_at)
     VALUES ($1, $2, $3::"UserRole", $4, $5, $6, $7, clock_timestamp() + make_interval(days => $8))`,
    [
      id,
      digestOf(token),
      of.role,
      of.email,
      of.userId,
      of.by?.name ?? null,
      of.by?.userId ?? null,
      of.days,
    ],
  );
  return { id, token };
}

/** Ends every link that somebody made and nobody has used. Returns their ids. */
export async function revokeLinksOf(
  sql: Pick<PoolClient, 'query'>,
  makerId: string,
): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `UPDATE invitations SET revoked_at = clock_timestamp()
     WHERE created_by_id = $1 AND ${IS_UNUSED} RETURNING id`,
    [makerId],
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes the link of the first admin while there is nobody, and ends the one made before; null when
 * there is somebody. It says `created_by` nobody.
 */
export const inviteFirstAdmin = (app: Pick<App, 'sql'>): Promise<string | null> =>
  inTransaction(app.sql, async (sql) => {
    await sql.query(ONE_FIRST);
    await sql.query(
      `UPDATE invitations SET revoked_at = clock_timestamp() WHERE created_by IS NULL AND ${IS_OPEN}`,
    );
    if (await hasUsers(sql)) return null;
    const first = { role: 'ADMIN', email: null, userId: null, by: null, days: DAYS } as const;
    return (await insertInvitation(sql, first)).token;
  });

/** Whether anybody is known. */
export async function hasUsers(sql: Pick<App['sql'] | PoolClient, 'query'>): Promise<boolean> {
  const { rows } = await sql.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM users) AS any');
  return rows[0]?.any === true;
}

/**
 * Ends a link that nobody has used; again is no error.
 * @throws NotFoundError, InvalidStateError when it was used
 */
export async function revokeInvitation(
  app: Pick<App, 'sql'>,
  id: string | null,
): Promise<{ id: string }> {
  const { rows } = await app.sql.query<{ id: string }>(
    `UPDATE invitations SET revoked_at = coalesce(revoked_at, clock_timestamp())
     WHERE id = $1 AND used_at IS NULL RETURNING id`,
    [id],
  );
  if (rows[0]) return rows[0];
  const known = await app.sql.query('SELECT FROM invitations WHERE id = $1', [id]);
  if (known.rowCount === 0) {
    throw new NotFoundError('Invitation', 'There is no such invitation. List `invitations`.');
  }
  throw new InvalidStateError('It was used. Disable the user instead.', 'USED');
}

/** What whoever has the link may know of it. */
export type OpenInvitation = {
  role: RoleName;
  email: string | null;
  expiresAt: Date;
  /** Whether it makes the first admin. */
  first: boolean;
  /** Whether it gives the user of this email a new password, and makes nobody. */
  resetsPassword: boolean;
};

/** The invitation behind a token; null when there is none, or it was used, revoked or has expired. */
export async function readInvitation(
  app: Pick<App, 'sql'>,
  token: string,
): Promise<OpenInvitation | null> {
  if (!isToken(token)) return null;
  const { rows } = await app.sql.query<OpenInvitation>(
    `SELECT role, email, expires_at AS "expiresAt", created_by IS NULL AS first,
       user_id IS NOT NULL AS "resetsPassword"
     FROM invitations WHERE token_hash = $1 AND ${IS_OPEN}`,
    [digestOf(token)],
  );
  return rows[0] ?? null;
}

export type Acceptance = { token: string; email: string; name: string; password: string };

/** What is said of every link that is not good, whatever the reason. */
export const gone = () =>
  new NotFoundError('Invitation', 'This link was used or has expired. Ask for a new one.');

/**
 * Makes the user that a link is for; it does so once.
 * @throws ValidationError, NotFoundError when the link is no longer good, ConflictError
 */
export async function acceptInvitation(app: Pick<App, 'sql'>, input: Acceptance): Promise<Proven> {
  const open = await readInvitation(app, input.token);
  if (!open || open.resetsPassword) throw gone();
  const { email } = parse(z.object({ email: Email }), input);
  const ForThis = z.object({
    email: open.email
      ? z.literal(open.email, { error: `is not ${open.email}, who was invited` })
      : Email,
    name: Name,
    password: passwordFor(email),
  });
  const { name, password } = parse(ForThis, { ...input, email });
  const passwordHash = await hashPassword(password);
  return inTransaction(app.sql, async (sql) => {
    if (open.first) await sql.query(ONE_FIRST);
    // Of two who come at once, the second waits here and then finds it used.
    const { rows } = await sql.query<{ role: RoleName }>(
      `UPDATE invitations SET used_at = clock_timestamp() WHERE token_hash = $1 AND ${IS_OPEN}
       RETURNING role`,
      [digestOf(input.token)],
    );
    const [invitation] = rows;
    if (!invitation || (open.first && (await hasUsers(sql)))) throw gone();
    const made = await sql.query<Proven>(
      `INSERT INTO users (id, email, name, role, password_hash)
       VALUES ($1, $2, $3, $4::"UserRole", $5) ON CONFLICT (email) DO NOTHING
       RETURNING id, email, name, role, password_hash AS hash`,
      [randomUUIDv7(), email, name, invitation.role, passwordHash],
    );
    const [user] = made.rows;
    if (!user) throw new ConflictError('User', `${email} is a user already. Sign in.`);
    return user;
  });
}
