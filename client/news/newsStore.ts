/** The news of this browser, shared by its windows, and which runs they are about. */
import { addNews, type News, type NewsItem, NO_NEWS, parseNews } from './news.ts';

const NEWS = 'tunix-rt-news';
const WATCHED = 'tunix-rt-watched-runs';
const ALERTS = 'tunix-rt-alerts';
const MOST_WATCHED = 100;

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** A browser that stores nothing still has a page. */
const load = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const save = (key: string, text: string) => {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Kept for this page alone.
  }
};

let news: News = typeof localStorage === 'undefined' ? NO_NEWS : parseNews(load(NEWS));

function set(next: News) {
  if (next === news) return;
  news = next;
  save(NEWS, JSON.stringify(next));
  tell();
}

export const newsStore = {
  get: () => news,
  subscribe: (listener: () => void) => {
    const onStorage = ({ key }: StorageEvent) => {
      if (key !== NEWS) return;
      news = parseNews(load(NEWS));
      listener();
    };
    window.addEventListener('storage', onStorage);
    listeners.add(listener);
    return () => {
      window.removeEventListener('storage', onStorage);
      listeners.delete(listener);
    };
  },
  /** False when it was known. */
  add: (item: NewsItem): boolean => {
    const before = news;
    set(addNews(parseNews(load(NEWS)), item));
    return news !== before && news.items[0]?.id === item.id;
  },
  seen: () => set({ ...news, seenAt: Date.now() }),
  clear: () => set({ items: [], seenAt: Date.now() }),
};

const watchedNow = (): number[] => {
  try {
    const found: unknown = JSON.parse(load(WATCHED) ?? '[]');
    return Array.isArray(found) ? found.filter((each) => typeof each === 'number') : [];
  } catch {
    return [];
  }
};

/** Runs whose page was open while they were not over. */
export const watched = {
  has: (number: number) => watchedNow().includes(number),
  add: (number: number) => {
    const known = watchedNow();
    if (known.includes(number)) return;
    save(WATCHED, JSON.stringify([...known, number].slice(-MOST_WATCHED)));
  },
};

/** Whether the browser itself is to say it, too. Off until somebody asks for it. */
export const alerts = {
  isOn: () =>
    load(ALERTS) === 'on' &&
    typeof Notification !== 'undefined' &&
    Notification.permission === 'granted',
  /** @returns whether they are on now; the browser may refuse. */
  turnOn: async (): Promise<boolean> => {
    if (typeof Notification === 'undefined') return false;
    const isAllowed = (await Notification.requestPermission()) === 'granted';
    save(ALERTS, isAllowed ? 'on' : 'off');
    tell();
    return isAllowed;
  },
  turnOff: () => {
    save(ALERTS, 'off');
    tell();
  },
};
