import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { PagedList } from './pagedList.ts';
import { onReconnect } from './socket.ts';

/** The list that was shown last of its kind: whoever comes back finds it where it was. */
export type Kept<Row extends { id: string }, Facts extends object> = {
  last?: { question: string; list: PagedList<Row, Facts> };
};

/** The endless list of one question. Reads the first page at once, and again after a reconnect. */
export function usePagedList<Row extends { id: string }, Facts extends object>(
  kept: Kept<Row, Facts>,
  question: string,
  make: () => PagedList<Row, Facts>,
) {
  const open = () => {
    if (kept.last?.question !== question) kept.last = { question, list: make() };
    return kept.last.list;
  };
  const [held, setHeld] = useState(() => ({ question, list: open() }));
  if (held.question !== question) setHeld({ question, list: open() });
  const { list } = held;
  const view = useSyncExternalStore(list.subscribe, list.view);
  useEffect(() => {
    if (list.view().rows.length > 0) list.refresh();
    else list.more();
  }, [list]);
  useEffect(() => onReconnect(list.refresh), [list]);
  return { ...view, list, more: useCallback(() => list.more(), [list]) };
}
