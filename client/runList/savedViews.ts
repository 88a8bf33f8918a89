/** Filters that got a name, kept in this browser; beside them those that everybody needs. */
import { isObject } from '../lib/isObject.ts';
import { RUN_FILTER_KEYS, type RunFilterUrl } from './runFilter.ts';

export type SavedView = { name: string; url: RunFilterUrl; sort?: string | undefined };

export const BUILT_IN: readonly SavedView[] = [
  { name: 'All', url: {} },
  { name: 'Active', url: { status: 'PENDING,RUNNING' } },
  { name: 'Failed', url: { status: 'FAILED,TIMEOUT' } },
  { name: 'Archived', url: { archived: 'yes' } },
];

export const MOST_VIEWS = 20;
const LONGEST_NAME = 40;
const KEY = 'tunix-rt-run-views';

function readView(value: unknown): SavedView[] {
  if (!isObject(value) || typeof value.name !== 'string' || !isObject(value.url)) return [];
  const { url } = value;
  const words = RUN_FILTER_KEYS.flatMap((key) =>
    typeof url[key] === 'string' ? [[key, url[key]] as const] : [],
  );
  const sort = typeof value.sort === 'string' ? value.sort : undefined;
  return [{ name: value.name, url: Object.fromEntries(words), sort }];
}

/** What a browser has kept; nothing for what it cannot read. */
export function parseViews(text: string | null): SavedView[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(stored) ? stored.flatMap(readView).slice(0, MOST_VIEWS) : [];
  } catch {
    return [];
  }
}

/** The views with one more; one of the same name is replaced. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const name = view.name.trim().slice(0, LONGEST_NAME);
  return [...views.filter((known) => known.name !== name), { ...view, name }].slice(-MOST_VIEWS);
}

/** Whether a view is what is shown now. */
export const isShown = (view: SavedView, url: RunFilterUrl, sort: string | undefined): boolean =>
  view.sort === sort && RUN_FILTER_KEYS.every((key) => (view.url[key] ?? '') === (url[key] ?? ''));

export const readViews = (): SavedView[] => parseViews(localStorage.getItem(KEY));

/** Keeps them; a browser that keeps nothing shows them until the page is left. */
export function storeViews(views: readonly SavedView[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // Private windows and full disks refuse; the views stay on the page.
  }
}
