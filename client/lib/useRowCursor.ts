import { useState } from 'react';

/**
 * The row of a list the keyboard is at. `shown` is the row that is open beside the list, if any: it
 * is the current one then, and moving opens the next.
 */
export function useRowCursor(
  rows: readonly { id: string }[],
  shown?: string,
  onShow?: (id: string) => void,
) {
  const [at, setAt] = useState<string>();
  const current = shown ?? at;
  const found = current === undefined ? -1 : rows.findIndex(({ id }) => id === current);
  const active = found < 0 ? undefined : found;
  return {
    active,
    setActive: setAt,
    move: (by: 1 | -1) => {
      const next = active === undefined ? 0 : active + by;
      const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
      if (!row) return;
      setAt(row.id);
      if (shown) onShow?.(row.id);
    },
    /** A key that does something with the current row, and nothing without one. */
    onCurrent: (run: (id: string) => void) => () => {
      const row = active === undefined ? undefined : rows[active];
      if (row) run(row.id);
    },
  };
}
