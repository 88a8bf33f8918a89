/**
 * What happened while somebody was elsewhere: kept by this browser, the last 50.
 *
 * Streams begin with what there is, so what was already known when a page opened is no news. Several
 * windows hear the same; an event has an id and is kept once.
 */
export type NewsItem = {
  /** Of the event, not of its subject: `run 12 COMPLETED`. */
  id: string;
  tone: 'good' | 'bad';
  title: string;
  text: string;
  /** The page about it. */
  to: string;
  /** Milliseconds since 1970. */
  at: number;
};

export type News = { items: readonly NewsItem[]; seenAt: number };

export const NO_NEWS: News = { items: [], seenAt: 0 };
const KEPT = 50;

/** Adds an item, unless it is there; newest first. */
export function addNews(news: News, item: NewsItem): News {
  if (news.items.some(({ id }) => id === item.id)) return news;
  return { ...news, items: [item, ...news.items].slice(0, KEPT) };
}

export const unseen = ({ items, seenAt }: News): number =>
  items.filter(({ at }) => at > seenAt).length;

/** What a browser has stored; anything else is no news. */
export function parseNews(text: string | null): News {
  try {
    const found = JSON.parse(text ?? '') as Partial<News> | null;
    if (!Array.isArray(found?.items) || typeof found.seenAt !== 'number') return NO_NEWS;
    return { items: found.items, seenAt: found.seenAt };
  } catch {
    return NO_NEWS;
  }
}
