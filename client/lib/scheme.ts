/** Light, dark or as the system: kept in this browser, shown on the root element. */
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { useSyncExternalStore } from 'react';

const KEY = 'tunix-rt-color-scheme';

const listeners = new Set<() => void>();
const dark = matchMedia('(prefers-color-scheme: dark)');

const known = (value: string | null): MantineColorScheme =>
  value === 'light' || value === 'dark' ? value : 'auto';

let chosen = known(localStorage.getItem(KEY));

function show() {
  const system = dark.matches ? 'dark' : 'light';
  document.documentElement.dataset.mantineColorScheme = chosen === 'auto' ? system : chosen;
}

function take(next: MantineColorScheme) {
  if (next === chosen) return;
  chosen = next;
  show();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const get = () => chosen;

export const scheme = {
  /** Before the first paint; follows the system and other tabs from then on. */
  restore: () => {
    show();
    dark.addEventListener('change', show);
    window.addEventListener('storage', (event) => {
      if (event.key === KEY) take(known(event.newValue));
    });
  },
  choose: (next: MantineColorScheme) => {
    localStorage.setItem(KEY, next);
    take(next);
  },
};

export const useScheme = (): MantineColorScheme => useSyncExternalStore(subscribe, get);

/** The same for the component library; each provider needs one of its own. */
export function schemeManager(): MantineColorSchemeManager {
  let unsubscribe = () => {};
  return {
    get,
    set: scheme.choose,
    subscribe: (tell) => {
      unsubscribe = subscribe(() => tell(chosen));
    },
    unsubscribe: () => unsubscribe(),
    clear: () => scheme.choose('auto'),
  };
}
