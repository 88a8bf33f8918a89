/**
 * View state lives in the URL, as plain strings: what a page shows can be linked to. The router's
 * own reading of `?text=123` as a number would make a filter depend on what it looks like.
 */
import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';

type Search = Record<string, string>;

/** A word that stands several times is a list: `?r=1&r=2` reads as `1,2`. */
export function parseSearch(search: string): Search {
  const words: Search = {};
  for (const [key, value] of new URLSearchParams(search)) {
    words[key] = key in words ? `${words[key]},${value}` : value;
  }
  return words;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const kept = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const text = new URLSearchParams(kept).toString();
  return text ? `?${text}` : '';
}

export function useUrlState<Key extends string>(...keys: Key[]) {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const state: { [K in Key]?: string } = {};
  for (const key of keys) {
    const value = search[key];
    if (typeof value === 'string' && value !== '') state[key] = value;
  }
  /** A `step` is a place the back button returns to; without one the present place is rewritten. */
  const change = (next: { [K in Key]?: string | undefined | null }, step = false) => {
    const merged = Object.fromEntries(
      Object.entries({ ...search, ...next }).filter(([, value]) => value),
    );
    void navigate({
      to: '.',
      search: () => merged,
      hash: true,
      replace: !step,
      resetScroll: false,
    });
  };
  return [state, change] as const;
}

/** What stands after `#`, without it, and how to change it without moving the page. */
export function useHash() {
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  const change = (next: string) =>
    void navigate({
      to: '.',
      search: (search: object) => search,
      hash: next,
      replace: true,
      resetScroll: false,
      hashScrollIntoView: false,
    });
  return [hash, change] as const;
}

export function useParam(name: string): string {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  return params[name] ?? '';
}

/** Narrows a word from the URL to one that is known. */
export const oneOf = <Word extends string>(
  words: readonly Word[],
  text: string | undefined,
): Word | undefined => words.find((word) => word === text);
