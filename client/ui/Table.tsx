import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { FurtherPage, useArrival } from './FurtherPage.tsx';
import css from './Table.module.css';

export type Column = { name: string; numeric?: boolean; wide?: boolean; label?: string };

/** A plain table in a box that scrolls sideways; `wide` columns leave first on a phone. */
export function Table(props: {
  caption: string;
  columns: readonly Column[];
  children: ReactNode;
  testId?: string;
}) {
  return (
    // What scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      className={css.scroll}
      role="group"
      aria-label={props.caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
    >
      <table className={css.table} aria-label={props.caption} data-testid={props.testId}>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                data-numeric={column.numeric || undefined}
                data-wide={column.wide || undefined}
                aria-label={column.label}
              >
                {column.label ? '' : column.name}
              </th>
            ))}
          </tr>
        </thead>
        {props.children}
      </table>
    </div>
  );
}

export function Clip(props: { children: ReactNode; title?: string }) {
  return (
    <div className={css.clip} title={props.title}>
      {props.children}
    </div>
  );
}

/** One cell over the whole width: skeletons, empty states, the end of a list. */
export function TableNote(props: { children: ReactNode }) {
  return (
    <tbody>
      <tr className={css.note}>
        <td colSpan={99}>{props.children}</td>
      </tr>
    </tbody>
  );
}

/**
 * What follows a page of rows: the next page where it was asked for, else how much there is and a
 * button. Each page starts after the one before it, so rows that come or go leave no hole.
 */
export function NextRows(props: {
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  pages: number;
  total: string;
  loading: boolean;
  onMore: () => void;
  next: (after: string) => ReactNode;
}) {
  const { hasNextPage, endCursor } = props.pageInfo;
  useArrival();
  if (hasNextPage && endCursor && props.pages > 1) {
    return <FurtherPage as="tbody">{props.next(endCursor)}</FurtherPage>;
  }
  if (!hasNextPage && props.total === '') return null;
  return (
    <TableNote>
      <div className={css.more}>
        <span data-testid="total">{props.total}</span>
        {hasNextPage && (
          <Button
            size="compact-sm"
            variant="default"
            loading={props.loading}
            onClick={props.onMore}
            data-testid="load-more"
          >
            Load more
          </Button>
        )}
      </div>
    </TableNote>
  );
}
