import { useEffect, useState } from 'react';

/** Whether what had the focus has gone: the keyboard would begin at the top of the page again. */
export const isFocusLost = (): boolean =>
  document.activeElement === null || document.activeElement === document.body;

/** An item of a menu goes with it; the button it belongs to stays. */
function lasting(element: Element | null): Element | null {
  const menu = element?.closest('[role=menu]');
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : element;
}

/**
 * Gives the focus back to what had it before the component came, when it goes. Where that has gone
 * meanwhile the content of the page takes it; what has taken it by itself keeps it.
 */
export function useFocusBack(): void {
  const [before] = useState(() => lasting(document.activeElement));
  useEffect(
    () => () => {
      for (const place of [before, document.getElementById('main')]) {
        if (isFocusLost() && place instanceof HTMLElement) place.focus({ preventScroll: true });
      }
    },
    [before],
  );
}
