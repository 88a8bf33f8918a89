import type { App } from '../app.ts';
import { untilAnswered } from '../lib/untilAnswered.ts';
import type { Actor, Credential } from './actor.ts';
import { KEY_HOLDS, scopesOf } from './findKey.ts';
import { ROLE_SCOPES, type Role, type Scope } from './scopes.ts';

/**
 * Calls `onLost` once when the actor's credential ends, or its user may no more what `scope` names; null
 * needs the credential alone. Returns how to stop to look.
 */
export type Watch = (
  actor: Pick<Actor, 'credential'>,
  onLost: () => void,
  scope?: Scope | null,
) => () => void;

type Watched = { credential: Credential; scope: Scope | null; onLost: () => void };

/** A credential that holds, with what decides what it may: a session has the scopes of the role. */
type Holding = { id: string; role: Role; scopes: null } | KeyHolding;
type KeyHolding = { id: string; role: Role | null; scopes: Scope[] };

const scopesNow = ({ role, scopes }: Holding): ReadonlySet<Scope> =>
  scopes === null ? new Set(ROLE_SCOPES[role]) : scopesOf({ role, scopes });

/**
 * Those of some credentials that hold. The end of a session or a key rings the bell, and so does a change
 * of a user; that one has expired rings nothing and is seen at the next look.
 */
const HOLDING = `
  SELECT s.id, u.role, NULL::text[] AS scopes FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ANY($1) AND s.expires_at > clock_timestamp() AND u.disabled_at IS NULL
  UNION ALL
  SELECT k.id, u.role, k.scopes FROM api_keys k LEFT JOIN users u ON u.id = k.owner_id
  WHERE k.id = ANY($1) AND ${KEY_HOLDS}`;

/** Looks after the credentials of everything that stays open, with one query for all of them. */
export function openWatch(app: Pick<App, 'sql' | 'bell' | 'log'>): Watch {
  const watched = new Set<Watched>();
  let looking: AbortController | undefined;

  const remove = (each: Watched): boolean => {
    const was = watched.delete(each);
    if (watched.size === 0) looking?.abort();
    return was;
  };
  const look = async (signal: AbortSignal) => {
    using bell = app.bell.listen('access');
    while (!signal.aborted) {
      // Whoever is added while this is asked is looked at next time, not taken for one that is missing.
      const now = [...watched];
      const ids = [...new Set(now.map(({ credential }) => credential.id))];
      const answer = await untilAnswered(signal, () => app.sql.query<Holding>(HOLDING, [ids]));
      if (!answer) return;
      const holding = new Map(answer.rows.map((row) => [row.id, scopesNow(row)]));
      for (const each of now) {
        const scopes = holding.get(each.credential.id);
        const mayGoOn = scopes && (each.scope === null || scopes.has(each.scope));
        if (!mayGoOn && remove(each)) each.onLost();
      }
      await bell.heard(signal);
    }
  };
  const begin = () => {
    looking = new AbortController();
    look(looking.signal).catch((error: unknown) => {
      // Nobody can say any more whether these hold.
      app.log.error({ err: error }, 'looking after credentials failed');
      for (const each of watched) if (remove(each)) each.onLost();
    });
  };

  return ({ credential }, onLost, scope = null) => {
    if (!credential) return () => {};
    const each = { credential, scope, onLost };
    watched.add(each);
    if (watched.size === 1) begin();
    return () => void remove(each);
  };
}
