import { useKeys } from '../lib/useKeys.ts';
import { useRowCursor } from '../lib/useRowCursor.ts';
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
  const cursor = useRowCursor(rows, peek, does.peek);
  const { move, onCurrent } = cursor;
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
  return { active: cursor.active, setActive: cursor.setActive, move };
}
