/**
 * Whether somebody is signed in, as far as this page knows, and what waits for it.
 *
 * A page that was never let in goes to the sign-in page and comes back. One that is in use keeps what
 * is typed in it: it asks for the password over what it shows, and what waited goes on.
 */
import { paths, serverPaths } from '../paths.ts';

export type Session =
  /** Nobody has answered yet. */
  | { kind: 'unknown' }
  /** `email` is null where nobody has to sign in. */
  | { kind: 'in'; email: string | null }
  /** It has ended while the page was in use. */
  | { kind: 'lost'; email: string | null };

let state: Session = { kind: 'unknown' };
const listeners = new Set<() => void>();
let waiting: (() => void)[] = [];

function set(next: Session) {
  state = next;
  for (const listener of listeners) listener();
}

/** Resolves at once while somebody is signed in, else when somebody is. */
const whenIn = (): Promise<void> =>
  state.kind === 'in'
    ? Promise.resolve()
    : new Promise((resolve) => {
        waiting.push(resolve);
      });

/** Where the page is, for coming back. */
const here = () => location.pathname + location.search + location.hash;

export const session = {
  get: () => state,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  whenIn,
  /** Somebody is signed in, or nobody has to be. */
  begin: (email: string | null) => {
    set({ kind: 'in', email });
    const ready = waiting;
    waiting = [];
    for (const resolve of ready) resolve();
  },
  /** The server does not know who asks. Resolves when it does again. */
  lose: (): Promise<void> => {
    if (state.kind === 'unknown') location.replace(paths.signIn(here()));
    if (state.kind === 'in') set({ kind: 'lost', email: state.email });
    return whenIn();
  },
  /**
   * Looks whether the session is still there, where there is one: a connection that is made again
   * without it would be refused for good.
   */
  confirm: async (): Promise<void> => {
    if (state.kind !== 'in' || state.email === null) return;
    const answer = await fetch(serverPaths.authState())
      .then((response) => response.json() as Promise<{ signedIn?: boolean }>)
      .catch(() => undefined);
    if (answer?.signedIn === false) await session.lose();
  },
};

/** A GraphQL answer says it in its errors, every other route by its status. */
async function isSignedOut(response: Response): Promise<boolean> {
  if (response.status === 401) return true;
  if (!response.headers.get('content-type')?.includes('json')) return false;
  const text = await response.clone().text();
  // Few answers hold the word; in those it may be something that somebody stored.
  if (!text.includes('"UNAUTHENTICATED"')) return false;
  const { errors = [] } = JSON.parse(text) as { errors?: { extensions?: { code?: unknown } }[] };
  return errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
}

/** `fetch` that waits for a sign-in where one is needed and asks again then. */
export async function fetchSignedIn(url: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init);
    if (!(await isSignedOut(response))) return response;
    await session.lose();
  }
}
