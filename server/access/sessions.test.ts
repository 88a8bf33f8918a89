import type { App } from '../app.ts';
import { cookieHeader, makeUser, PASSWORD, withAccess } from '../test/access.ts';
import { until } from '../test/rig.ts';
import { describe, expect, test } from '../test/test.ts';
import { hashPassword } from './passwords.ts';
import { resetPassword, takeNewPassword } from './resets.ts';
import { checkPassword, startSession } from './sessions.ts';
import { changePassword, changeUser } from './users.ts';

const ADMIN = { name: 'ada@example.org', userId: null };
const NEXT = 'a password to remember';

/** Until a statement waits for a row that another transaction holds. */
const isBlocked = (app: App) =>
  until(async () => {
    const { rowCount } = await app.sql.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount;
  });

/** Changes a password and holds the row until `meanwhile` waits for it. */
async function whileChanging<T>(
  app: App,
  userId: string,
  hash: string,
  meanwhile: () => Promise<T>,
): Promise<T> {
  const other = await app.sql.connect();
  try {
    await other.query('BEGIN');
    await other.query('UPDATE users SET password_hash = $2 WHERE id = $1', [userId, hash]);
    const done = meanwhile();
    // Whoever asks handles it; here it must not be without a handler while the other commits.
    done.catch(() => {});
    await isBlocked(app);
    await other.query('COMMIT');
    return await done;
  } finally {
    other.release();
  }
}

const actorOf = async (app: App, userId: string) =>
  app.access.authenticate({ headers: await cookieHeader(app, userId) });
const hashOf = async (app: App, id: string) =>
  (await app.db.user.findUniqueOrThrow({ where: { id } })).passwordHash;

describe('a sign-in whose password was right', () => {
  /** What else happens before it has its session. */
  const MEANWHILE: Record<string, (app: App, userId: string) => Promise<unknown>> = {
    'they change it': async (app, id) =>
      changePassword(app, { current: PASSWORD, next: NEXT }, await actorOf(app, id)),
    'a link sets another': async (app, id) => {
      const { token } = await resetPassword(app, id, ADMIN);
      return takeNewPassword(app, { token, password: PASSWORD });
    },
    'they are disabled': (app, id) => changeUser(app, id, { disabled: true }),
  };

  test.for(Object.keys(MEANWHILE))('is none when %s meanwhile', async (name, { app: base }) => {
    const app = withAccess(base);
    await makeUser(app, 'ADMIN');
    const { id, email } = await makeUser(app);
    const user = await checkPassword(app, { email, password: PASSWORD }, null);
    await MEANWHILE[name]?.(app, id);
    const before = await app.db.session.count({ where: { userId: id } });
    expect(user && (await startSession(app, user, null))).toBeNull();
    expect(await app.db.session.count({ where: { userId: id } })).toBe(before);
  });

  test('waits for a change under way', async ({ app: base }) => {
    const app = withAccess(base);
    const { id, email } = await makeUser(app);
    const user = await checkPassword(app, { email, password: PASSWORD }, null);
    if (!user) return expect.unreachable();
    const hash = await hashPassword(NEXT);
    expect(await whileChanging(app, id, hash, () => startSession(app, user, null))).toBeNull();
  });
});

test('a request of somebody who is disabled at that moment is nobody’s, and stops nothing', async ({
  app: base,
}) => {
  const app = withAccess(base);
  const { id } = await makeUser(app);
  const headers = await cookieHeader(app, id);
  await app.sql.query(`UPDATE sessions SET last_seen_at = now() - interval '1 hour'`);
  const other = await app.sql.connect();
  try {
    await other.query('BEGIN');
    await other.query('UPDATE users SET disabled_at = now() WHERE id = $1', [id]);
    // Notes that the session is used, for which it waits.
    const asked = app.access.authenticate({ headers });
    asked.catch(() => {});
    await isBlocked(app);
    await other.query('DELETE FROM sessions WHERE user_id = $1', [id]);
    await other.query('COMMIT');
    expect((await asked).kind).toBe('ANONYMOUS');
  } finally {
    other.release();
  }
});

test('a link for a new password that is used while another is made ends, and stops nothing', async ({
  app: base,
}) => {
  const app = withAccess(base);
  const { id } = await makeUser(app);
  const { token } = await resetPassword(app, id, ADMIN);
  const other = await app.sql.connect();
  try {
    await other.query('BEGIN');
    await other.query('SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE', [id]);
    const taken = takeNewPassword(app, { token, password: NEXT });
    taken.catch(() => {});
    await isBlocked(app);
    await other.query('UPDATE invitations SET revoked_at = now() WHERE user_id = $1', [id]);
    await other.query('COMMIT');
    await expect(taken).rejects.toThrow('Ask for a new one');
  } finally {
    other.release();
  }
});

describe('a change of a password', () => {
  test('undoes no other that came first', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const actor = await actorOf(app, id);
    const renewed = await hashPassword(NEXT);
    // As a thief would try again and again, who knows the old one and is signed in.
    const again = () => changePassword(app, { current: PASSWORD, next: PASSWORD }, actor);
    await expect(whileChanging(app, id, renewed, again)).rejects.toMatchObject({
      issues: [{ path: ['current'], code: 'WRONG' }],
    });
    expect(await hashOf(app, id)).toBe(renewed);
  });

  test('is none of somebody who was signed out or disabled meanwhile', async ({ app: base }) => {
    const app = withAccess(base);
    const { id } = await makeUser(app);
    const actor = await actorOf(app, id);
    const before = await hashOf(app, id);
    const change = () => changePassword(app, { current: PASSWORD, next: NEXT }, actor);
    await app.db.session.deleteMany({ where: { userId: id } });
    await expect(change()).rejects.toMatchObject({
      name: 'InvalidStateError',
      status: 'SIGNED_OUT',
    });
    await makeUser(app, 'ADMIN');
    await changeUser(app, id, { disabled: true });
    await expect(change()).rejects.toThrow('this is not your password');
    expect(await hashOf(app, id)).toBe(before);
  });
});
