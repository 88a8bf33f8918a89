/** Browsers that have signed in. The cookie holds a token; the database its digest. */
import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { parse } from '../lib/parse.ts';
import { displayable, head } from '../lib/text.ts';
import { Email } from './model.ts';
import { isPassword } from './passwords.ts';
import type { Role } from './scopes.ts';
import { digestOf, isSecret, isToken, newToken } from './secrets.ts';

export type SignedIn = { id: string; email: string; name: string; role: Role };

/** A user who has just shown their password, the one behind `hash`. */
export type Proven = SignedIn & { hash: string };

/**
 * Signs a user in on one browser. Its token is told here and never again; null when they were disabled or
 * got another password meanwhile, which waits for a change under way.
 */
export async function startSession(
  app: Pick<App, 'sql' | 'config'>,
  { id, hash }: Pick<Proven, 'id' | 'hash'>,
  userAgent: string | null,
): Promise<{ token: string } | null> {
  const token = newToken();
  // Those that have expired go when somebody comes: there are few, and nothing refers to them.
  const { rowCount } = await app.sql.query(
    `WITH expired AS (DELETE FROM sessions WHERE expires_at <= clock_timestamp())
     INSERT INTO sessions (id, token_hash, user_id, user_agent, expires_at)
     SELECT $1, $2, id, $4, clock_timestamp() + make_interval(days => $5) FROM users
     WHERE id = $3 AND password_hash = $6 AND disabled_at IS NULL FOR SHARE`,
    [
      randomUUIDv7(),
      digestOf(token),
      id,
      userAgent === null ? null : head(displayable(userAgent), 255),
      app.config.access.sessionDays,
      hash,
    ],
  );
  return rowCount === 1 ? { token } : null;
}

const Credentials = z.object({ email: Email, password: z.string().max(1_000) });

/**
 * The user behind an email and a password; null when they are wrong, whichever it is, or the user is
 * disabled. This takes a while: `startSession` asks whether it is still so.
 * @throws ValidationError, TooManyAttempts
 */
export async function checkPassword(
  app: Pick<App, 'sql' | 'access'>,
  input: { email: string; password: string },
  address: string | null,
): Promise<Proven | null> {
  const { email, password } = parse(Credentials, input);
  return app.access.attempts.guarded({ email, address }, async () => {
    const { rows } = await app.sql.query<Proven>(
      `SELECT id, email, name, role, password_hash AS hash FROM users
       WHERE email = $1 AND disabled_at IS NULL`,
      [email],
    );
    const [user] = rows;
    return (await isPassword(password, user?.hash ?? null)) ? (user ?? null) : null;
  });
}

/** It has a name, so that a connection plans it once: every request of a browser asks it. */
const FIND = {
  name: 'find-session',
  text: `
    SELECT s.id AS "sessionId", s.token_hash AS digest, s.expires_at AS "expiresAt",
           u.id, u.email, u.name, u.role,
           s.last_seen_at < clock_timestamp() - interval '1 minute' OR u.last_seen_at IS NULL AS "isOld"
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = $1 AND s.expires_at > clock_timestamp() AND u.disabled_at IS NULL`,
};

/** A session that holds, with its user. */
export type FoundSession = SignedIn & { sessionId: string; expiresAt: Date };

/**
 * The session behind a token, or null. One that is used lasts the full time again from then, to the
 * minute: most requests write nothing.
 */
export async function findSession(
  app: Pick<App, 'sql' | 'config'>,
  token: string,
): Promise<FoundSession | null> {
  if (!isToken(token)) return null;
  const { rows } = await app.sql.query<FoundSession & { digest: string; isOld: boolean }>({
    ...FIND,
    values: [digestOf(token)],
  });
  const [found] = rows;
  if (!found || !isSecret(token, found.digest)) return null;
  const { digest: _, isOld, ...session } = found;
  if (!isOld) return session;
  const expiresAt = await touch(app, session);
  return expiresAt && { ...session, expiresAt };
}

/**
 * Notes that a session was used. Returns until when it holds now, or null when it was ended meanwhile. The
 * user comes first, as in everything that ends sessions: they would otherwise wait for each other.
 */
async function touch(
  app: Pick<App, 'sql' | 'config'>,
  { id, sessionId }: FoundSession,
): Promise<Date | null> {
  const { rows } = await app.sql.query<{ expiresAt: Date }>(
    `WITH seen AS (
       UPDATE users SET last_seen_at = clock_timestamp() WHERE id = $2 AND disabled_at IS NULL
       RETURNING id
     )
     UPDATE sessions SET last_seen_at = clock_timestamp(),
       expires_at = clock_timestamp() + make_interval(days => $3)
     FROM seen WHERE sessions.id = $1 AND sessions.user_id = seen.id
     RETURNING expires_at AS "expiresAt"`,
    [sessionId, id, app.config.access.sessionDays],
  );
  return rows[0]?.expiresAt ?? null;
}

/** Signs out: the token of the session is worth nothing from then on. */
export async function endSession(app: Pick<App, 'sql' | 'bell'>, id: string): Promise<void> {
  await app.sql.query('DELETE FROM sessions WHERE id = $1', [id]);
  app.bell.ring('access');
}
