/**
 * The operations this browser page has sent, newest last, so that a panel can be repeated elsewhere.
 * Variables of mutations are not kept: they may hold a password or a key.
 */
import { type Operation, stringifyDocument } from 'urql';

export type Used = {
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  /** The document in one line, as it was written into the page. */
  text: string;
  variables: Record<string, unknown>;
  /** Milliseconds since 1970. */
  at: number;
  /** The page that sent it. */
  path: string;
};

const MOST = 60;
const listeners = new Set<() => void>();
let kept: readonly Used[] = [];

function nameOf(text: string) {
  const [, kind, name] = /^\s*(query|mutation|subscription)\s+(\w+)/.exec(text) ?? [];
  return { kind, name };
}

/** Notes an operation; one of the same name on the same page takes the place of the one before. */
export function noteUsed(query: Operation['query'] | string, variables: unknown): void {
  const text = stringifyDocument(query);
  const { kind, name } = nameOf(text);
  if (!kind || !name) return;
  const path = location.pathname;
  const one: Used = {
    name,
    kind: kind as Used['kind'],
    text,
    variables: kind === 'mutation' ? {} : ((variables ?? {}) as Used['variables']),
    at: Date.now(),
    path,
  };
  const others = kept.filter((each) => each.name !== name || each.path !== path);
  kept = [...others, one].slice(-MOST);
  // Not while something renders: a query is noted as its component does.
  queueMicrotask(() => {
    for (const listener of listeners) listener();
  });
}

export const used = {
  get: () => kept,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  /** What the page at `path` is made of, without what stands around every page; or one document of it. */
  ofPage: (path: string, document?: Operation['query'] | string): Used[] => {
    const asked = document && nameOf(stringifyDocument(document)).name;
    return kept.filter(({ path: at, name }) =>
      asked
        ? at === path && name === asked
        : at === path && !/^(Shell|Who|UseWho|News)_/.test(name),
    );
  },
};
