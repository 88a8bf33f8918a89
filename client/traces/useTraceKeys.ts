import { useState } from 'react';
import { useKeys } from '../lib/useKeys.ts';
import type { TraceRow } from './traceList.ts';

export const TRACE_KEYS = [
  ['J K', 'next and previous trace'],
  ['O Space', 'open beside the list, or close'],
  ['Enter', 'open the page of the trace'],
  ['X', 'select'],
  ['C', 'compare the two selected'],
  ['/', 'search'],
  ['Esc', 'close, then clear the selection'],
  ['?', 'this list'],
] as const;

/** The row the keyboard is at, and the keys that move it and act on it. */
export function useTraceKeys(
  rows: readonly TraceRow[],
  peek: string | undefined,
  does: {
    peek: (id: string | undefined) => void;
    open: (id: string) => void;
    toggle: (id: string) => void;
    compare: (() => void) | undefined;
    search: () => void;
    help: () => void;
    clear: () => void;
  },
) {
  const [at, setAt] = useState<string>();
  const current = peek ?? at;
  const found = current === undefined ? -1 : rows.findIndex(({ id }) => id === current);
  const active = found < 0 ? undefined : found;

  const goTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setAt(row.id);
    if (peek) does.peek(row.id);
  };
  const move = (by: 1 | -1) => goTo(active === undefined ? 0 : active + by);
  const onCurrent = (run: (id: string) => void) => () => {
    const row = active === undefined ? undefined : rows[active];
    if (row) run(row.id);
  };
  const togglePeek = () => {
    if (peek) does.peek(undefined);
    else onCurrent(does.peek)();
  };

  useKeys({
    j: () => move(1),
    k: () => move(-1),
    o: togglePeek,
    ' ': togglePeek,
    Enter: onCurrent(does.open),
    x: onCurrent(does.toggle),
    ...(does.compare && { c: does.compare }),
    '/': does.search,
    '?': does.help,
    Escape: () => (peek ? does.peek(undefined) : does.clear()),
  });
  return { active, setActive: setAt, move };
}
