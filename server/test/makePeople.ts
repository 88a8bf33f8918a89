import { randomUUIDv7 } from 'node:crypto';
import type { App } from '../app.ts';
import { sha256 } from '../lib/canonical.ts';
import { makeKey, makeUser } from './access.ts';

/** Somebody with a key, an invitation and an audit entry, each by id. */
export async function makeOneOfPeople(app: Pick<App, 'db' | 'sql'>) {
  const user = await makeUser(app);
  await makeKey(app, ['READ'], user.id);
  const key = await app.db.apiKey.findFirstOrThrow({ where: { ownerId: user.id } });
  const invitation = await app.db.invitation.create({
    data: {
      id: randomUUIDv7(),
      tokenHash: sha256(user.id),
      role: 'VIEWER',
      email: user.email,
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  const { email: actorName } = user;
  const entry = await app.db.auditEntry.create({
    data: { id: randomUUIDv7(), actorKind: 'USER', actorName, action: 'x', outcome: 'OK' },
  });
  return { User: user.id, ApiKey: key.id, Invitation: invitation.id, AuditEntry: entry.id };
}
