import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { pageTitle } from '../lib/pageTitle.ts';
import { Spoken } from '../ui/Spoken.tsx';

/**
 * What a browser does for a new document: the keyboard goes on in the new page, and its title is said.
 * Another filter or tab of the same page is none, and what a page has given the focus to keeps it.
 */
export function PageChange() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const isOther = before.current !== undefined && before.current !== path;
    before.current = path;
    const main = document.getElementById('main');
    if (!isOther || main?.contains(document.activeElement)) return;
    main?.focus({ preventScroll: true });
  }, [path]);
  const shown = useSyncExternalStore(pageTitle.subscribe, pageTitle.get);
  return (
    <Spoken role="status">
      {/* Another element each time: two pages may have one title. */}
      {shown && !shown.isFirst && <span key={shown.path}>{shown.title}</span>}
    </Spoken>
  );
}
