/**
 * View state lives in the URL, as plain strings: what a page shows can be linked to. The router's
 * own reading of `?text=123` as a number would make a filter depend on what it looks like.
 */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';

type Search = Record<string, string>;

export const parseSearch = (search: string): Search =>
  Object.fromEntries(new URLSearchParams(search));

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
    void navigate({ to: '.', search: () => merged, replace: !step, resetScroll: false });
  };
  return [state, change] as const;
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
