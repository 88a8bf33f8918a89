/** Who asks. Made from a credential by `authenticate`, never from what a request says of itself. */

import { head } from '../lib/text.ts';
import type { Span } from '../tracing/open.ts';
import { ROLE_SCOPES, type Role, type Scope } from './scopes.ts';

/** What proves who somebody is; it can end while a socket is open. */
export type Credential = {
  kind: 'SESSION' | 'KEY';
  /** Of the row in `sessions` or `api_keys`. */
  id: string;
  expiresAt: Date | null;
};

export type Actor = {
  /** LOCAL is whoever reaches the port where no access is asked for; SYSTEM is the program itself. */
  kind: 'LOCAL' | 'USER' | 'KEY' | 'RUNNER' | 'ANONYMOUS' | 'SYSTEM';
  /** Of the user, or of the key; null for the others. */
  id: string | null;
  /** The person behind it: the user, or the owner of the key; null where there is none. */
  userId: string | null;
  /** For people and for the audit log: `ada@example.org`, `key ci of ada@example.org`. */
  name: string;
  /** Of the user, or of the owner of the key. */
  role: Role | null;
  scopes: ReadonlySet<Scope>;
  credential: Credential | null;
};

const without = { id: null, userId: null, role: null, credential: null } as const;

/** As much of a name as everything that keeps it has room for. */
export const actorName = (name: string): string => head(name, 160);

/** Whoever reaches the port while `AUTH` is off: they may do everything. */
export const LOCAL: Actor = {
  ...without,
  kind: 'LOCAL',
  name: 'local',
  role: 'ADMIN',
  scopes: new Set(ROLE_SCOPES.ADMIN),
};

/** Somebody without a credential while `AUTH` is on. */
export const ANONYMOUS: Actor = {
  ...without,
  kind: 'ANONYMOUS',
  name: 'anonymous',
  scopes: new Set(),
};

/** The program itself, for what nobody asked for. */
export const SYSTEM: Actor = { ...without, kind: 'SYSTEM', name: 'system', scopes: new Set() };

/** Of one request or socket, for the log and the audit. */
export type Call = {
  /** Comes back to the caller as `x-request-id` and stands in the log. */
  requestId: string;
  /** The address it came from. */
  address: string | null;
  /** How the program calls itself, shortened: `x-graphql-client-name`, or `client` of a socket's first message. */
  client: string | null;
  /** The operation it executes, by name or type; set when that begins. */
  operation?: string;
  /** Stands above the spans of what is done for it. */
  span?: Span;
};
