import { useElementSize } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import css from './VirtualTable.module.css';

export type VirtualColumn<Row, Sort extends string = string> = {
  /** What its head says; also the key. */
  name: ReactNode;
  key: string;
  /** A track of the grid: `1fr`, `90px`. */
  width: string;
  numeric?: boolean;
  /** The word by which the list can be sorted. */
  sort?: Sort | undefined;
  /** Only in tables at least this wide, in pixels. */
  from?: number;
  cell: (row: Row, index: number) => ReactNode;
};

type Sorted<Sort extends string> = { by: Sort; direction: 'ASC' | 'DESC' };

const EAGER_ROWS = 40;

/**
 * A table of any length that scrolls with the page: only the rows in sight exist, all of one height,
 * under a head that stays. Calls `onNearEnd` when the last rows it has come near.
 */
export function VirtualTable<Row, Sort extends string = string>(props: {
  caption: string;
  columns: readonly VirtualColumn<Row, Sort>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowHeight: number;
  /** Rows in all, as far as it is known; more than `rows` while pages are missing. */
  total: number;
  /** Rows to reserve after the last one, while a page is on its way. */
  pendingRows?: number;
  sorted?: Sorted<Sort> | undefined;
  onSort?: (by: Sort) => void;
  isSelected?: (row: Row) => boolean;
  /** The row the keyboard is at; scrolled into sight when it changes. */
  active?: number | undefined;
  onRowClick?: (row: Row, index: number) => void;
  onNearEnd?: () => void;
  hideHead?: boolean;
  testId?: string;
}) {
  const { rows, rowHeight, onNearEnd, active } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { ref: box, width } = useElementSize<HTMLTableElement>();
  const [margin, setMargin] = useState(0);
  const columns = props.columns.filter((column) => width >= (column.from ?? 0));
  const pending = props.pendingRows ?? 0;

  // What stands above the table changes its height: notices, tokens, the bar of a selection.
  useLayoutEffect(() => {
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    setMargin((before) => (Math.abs(before - top) < 1 ? before : top));
  });

  const virtual = useWindowVirtualizer({
    count: rows.length + pending,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: margin,
    // Below the fixed header of the page and the head of the table.
    scrollPaddingStart: 100,
    scrollPaddingEnd: 24,
    getItemKey: (index) => {
      const row = rows[index];
      return row ? props.rowKey(row) : index;
    },
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - EAGER_ROWS) onNearEnd?.();
  }, [last, rows.length, onNearEnd]);

  useEffect(() => {
    if (active !== undefined) virtual.scrollToIndex(active, { align: 'auto' });
  }, [active, virtual]);

  const track = columns.map((column) => column.width).join(' ');
  return (
    <table
      ref={box}
      className={css.table}
      aria-label={props.caption}
      aria-rowcount={props.total + 1}
      style={{ ['--track' as string]: track } as CSSProperties}
      data-testid={props.testId}
    >
      {!props.hideHead && (
        <thead className={css.head}>
          <tr className={css.row} aria-rowindex={1}>
            {columns.map((column) => (
              <Heading
                key={column.key}
                column={column}
                sorted={props.sorted}
                onSort={props.onSort}
              />
            ))}
          </tr>
        </thead>
      )}
      <tbody ref={body} className={css.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          const style = { height: item.size, transform: `translateY(${item.start - margin}px)` };
          if (!row) return <tr key={item.key} className={css.row} style={style} />;
          return (
            <tr
              key={item.key}
              className={css.row}
              style={style}
              aria-rowindex={item.index + 2}
              data-selected={props.isSelected?.(row) || undefined}
              data-active={item.index === active || undefined}
              data-testid={props.testId && `${props.testId}-row`}
              onClick={(event) => {
                const target = event.target instanceof Element ? event.target : null;
                if (target?.closest('a, button, input, label')) return;
                props.onRowClick?.(row, item.index);
              }}
            >
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={css.cell}
                  data-numeric={column.numeric || undefined}
                >
                  {column.cell(row, item.index)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Heading<Row, Sort extends string>(props: {
  column: VirtualColumn<Row, Sort>;
  sorted: Sorted<Sort> | undefined;
  onSort: ((by: Sort) => void) | undefined;
}) {
  const { column, sorted, onSort } = props;
  const { sort } = column;
  const direction = sort !== undefined && sorted?.by === sort ? sorted.direction : undefined;
  const spoken = { ASC: 'ascending', DESC: 'descending' } as const;
  return (
    <th
      scope="col"
      className={css.heading}
      data-numeric={column.numeric || undefined}
      aria-sort={direction ? spoken[direction] : sort && onSort ? 'none' : undefined}
    >
      {sort && onSort ? (
        <button type="button" className={css.sort} onClick={() => onSort(sort)}>
          {column.name}
          <span className={css.arrow} aria-hidden="true">
            {direction === 'ASC' ? '↑' : direction === 'DESC' ? '↓' : ''}
          </span>
        </button>
      ) : (
        column.name
      )}
    </th>
  );
}
