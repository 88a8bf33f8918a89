import { useEffect, useRef } from 'react';

const TYPING = 'input, textarea, select, [contenteditable=true], [role=combobox]';
const ACTIVE = 'a, button, summary, [role=button], [role=option], [role=tab], [role=checkbox]';

/** Whether a key belongs to what has the focus rather than to the page. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return false;
  if (target.closest(TYPING)) {
    // A ticked row keeps the focus in its checkbox, where only space means something.
    return !target.matches('input[type=checkbox]') || event.key === ' ';
  }
  const activates = event.key === 'Enter' || event.key === ' ';
  return activates && target.closest(ACTIVE) !== null;
}

export type Keys = Readonly<Record<string, () => void>>;

/** Who listens, last who goes first: a page before what stands around it. */
const listening: { current: Keys }[] = [];

const find = (keys: Keys, key: string) => keys[key] ?? keys[key.toLowerCase()];

/** Who has the key now. */
const ownerOf = (key: string) => listening.findLast(({ current }) => find(current, key));

/** Does what the key does on the page that is shown. */
export function pressKey(key: string): void {
  const owner = ownerOf(key);
  if (owner) find(owner.current, key)?.();
}

/**
 * Single keys of a page, by what they write (`j`, `/`, `?`), so that they work on every keyboard
 * layout. Silent while somebody types, while a dialog is open and together with Ctrl, Alt or Meta.
 * `isFallback` is for keys of all pages, which a page may have for itself.
 */
export function useKeys(keys: Keys, isFallback = false) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (isFallback) listening.unshift(latest);
    else listening.push(latest);
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTaken(event) || document.querySelector('[role=dialog]')) return;
      const run = find(latest.current, event.key);
      if (!run) return;
      if (ownerOf(event.key) !== latest) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      listening.splice(listening.indexOf(latest), 1);
    };
  }, [isFallback]);
}
