/**
 * Who asks, from what proves it, and whether it still does. Each request asks the database: a key that is
 * revoked does nothing from the next request on, in every process.
 */
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { App } from '../app.ts';
import { type Actor, ANONYMOUS, actorName, LOCAL } from './actor.ts';
import { type Attempts, openAttempts } from './attempts.ts';
import { findKey } from './findKey.ts';
import { ROLE_SCOPES } from './scopes.ts';
import { findSession } from './sessions.ts';
import { openWatch, type Watch } from './watch.ts';

export const SESSION_COOKIE = 'tunix_rt_session';

/** What was shown proves nothing: it is no key of ours, was revoked, or has expired. */
export class BadCredentialError extends Error {
  constructor() {
    super('This key is unknown, revoked or expired. Make another, or send none and sign in.');
    this.name = 'BadCredentialError';
  }
}

export type Access = {
  /** Where passwords are tried. */
  readonly attempts: Attempts;
  /**
   * Who asks. `explicit`, as from the first message of a socket, stands for the `Authorization` header. A
   * session that has ended is nobody: its browser has to sign in.
   * @throws BadCredentialError for a key that is not good
   */
  authenticate(request: Pick<IncomingMessage, 'headers'>, explicit?: string): Promise<Actor>;
  /** Calls once when what proves who the actor is ends, or they may no more, within seconds. */
  readonly watch: Watch;
};

const BEARER = /^Bearer +(\S+)$/i;

export function openAccess(app: Pick<App, 'sql' | 'config' | 'bell' | 'log'>): Access {
  return {
    attempts: openAttempts(),
    watch: openWatch(app),
    async authenticate({ headers }, explicit = headers.authorization) {
      if (!app.config.access.required) return LOCAL;
      if (explicit !== undefined) {
        const key = BEARER.exec(explicit.trim())?.[1];
        const actor = key === undefined ? null : await findKey(app, key);
        if (!actor) throw new BadCredentialError();
        return actor;
      }
      const token = parseCookie(headers.cookie ?? '')[SESSION_COOKIE];
      const session = token === undefined ? null : await findSession(app, token);
      if (!session) return ANONYMOUS;
      const { id, email, role, sessionId, expiresAt } = session;
      return {
        kind: 'USER',
        id,
        userId: id,
        name: actorName(email),
        role,
        scopes: new Set(ROLE_SCOPES[role]),
        credential: { kind: 'SESSION', id: sessionId, expiresAt },
      };
    },
  };
}
