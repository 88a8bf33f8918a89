/** Contexts of operations, for tests that execute the schema itself. */
import { type Actor, type Call, LOCAL } from '../access/actor.ts';
import { ROLE_SCOPES, type Role } from '../access/scopes.ts';
import type { App } from '../app.ts';

export { ANONYMOUS, LOCAL } from '../access/actor.ts';

const withRole = (role: Role): Actor => ({
  kind: 'USER',
  id: null,
  userId: null,
  name: `${role.toLowerCase()}@example.org`,
  role,
  scopes: new Set(ROLE_SCOPES[role]),
  credential: null,
});

export const VIEWER = withRole('VIEWER');
export const MEMBER = withRole('MEMBER');

/** What an operation of this actor is given. */
export const contextOf = (
  app: App,
  actor: Actor = LOCAL,
): { app: App; actor: Actor; call: Call } => ({
  app,
  actor,
  call: { requestId: 'test', address: null, client: null },
});
