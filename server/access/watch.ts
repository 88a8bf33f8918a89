import type { App } from '../app.ts';
import { untilAnswered } from '../lib/untilAnswered.ts';
import type { Actor, Credential } from './actor.ts';
import { KEY_HOLDS } from './findKey.ts';

/** Calls `onLost` once when the actor's credential ends. Returns how to stop to look. */
export type Watch = (actor: Pick<Actor, 'credential'>, onLost: () => void) => () => void;

type Watched = { credential: Credential; onLost: () => void };

/**
 * Those of some credentials that hold. The end of a session or a key rings the bell; that one has
 * expired rings nothing and is seen at the next look.
 */
const HOLDING = `
  SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ANY($1) AND s.expires_at > clock_timestamp() AND u.disabled_at IS NULL
  UNION ALL
  SELECT k.id FROM api_keys k LEFT JOIN users u ON u.id = k.owner_id
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
      const answer = await untilAnswered(signal, () =>
        app.sql.query<{ id: string }>(HOLDING, [ids]),
      );
      if (!answer) return;
      const holding = new Set(answer.rows.map(({ id }) => id));
      for (const each of now) {
        if (!holding.has(each.credential.id) && remove(each)) each.onLost();
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

  return ({ credential }, onLost) => {
    if (!credential) return () => {};
    const each = { credential, onLost };
    watched.add(each);
    if (watched.size === 1) begin();
    return () => void remove(each);
  };
}
