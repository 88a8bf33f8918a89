/** How close rows stand. On the root element, so that style sheets know it too. */
import { useSyncExternalStore } from 'react';

const KEY = 'tunix-rt-density';

export type Density = 'comfortable' | 'compact';

const listeners = new Set<() => void>();

const get = (): Density =>
  document.documentElement.dataset.density === 'compact' ? 'compact' : 'comfortable';

function show(density: Density) {
  if (density === 'compact') document.documentElement.dataset.density = density;
  else delete document.documentElement.dataset.density;
}

export const density = {
  get,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  /** Before the first paint. */
  restore: () => show(localStorage.getItem(KEY) === 'compact' ? 'compact' : 'comfortable'),
  choose: (next: Density) => {
    localStorage.setItem(KEY, next);
    show(next);
    for (const listener of listeners) listener();
  },
};

export const useDensity = (): Density => useSyncExternalStore(density.subscribe, density.get);
