/** What the page is called: in the tab of the browser, and aloud when another one is shown. */
type Shown = { path: string; title: string; isFirst: boolean };

const listeners = new Set<() => void>();
let shown: Shown | undefined;

export const pageTitle = {
  /** What was shown first has been read by whoever opened it; a page that changes its name is the same. */
  get: () => shown,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  set: (title: string) => {
    document.title = `${title} · Tunix RT`;
    const path = location.pathname;
    if (path === shown?.path) return;
    shown = { path, title, isFirst: shown === undefined };
    for (const listener of listeners) listener();
  },
};
