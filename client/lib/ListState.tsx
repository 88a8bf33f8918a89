import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import type { ListView } from './pagedList.ts';

/** What stands below the rows of a list with a filter, or in their place while there are none. */
export function ListState(props: {
  view: Pick<ListView<unknown>, 'rows' | 'isLoading' | 'error' | 'total'>;
  rowHeight: number;
  isFiltered: boolean;
  onRetry: () => void;
  onClear: () => void;
  /** What is said when nothing matches the filter. */
  noMatch: { title: string; hint: string };
  /** What is said when there is nothing at all. */
  children: ReactNode;
}) {
  const { rows, isLoading, error, total } = props.view;
  if (error !== undefined) {
    return (
      <div style={{ padding: 16 }}>
        <ErrorNotice error={error} onRetry={props.onRetry} />
      </div>
    );
  }
  if (rows.length > 0) return null;
  if (isLoading || total === undefined) return <LoadingRows rows={10} height={props.rowHeight} />;
  if (!props.isFiltered) return props.children;
  return (
    <EmptyState
      title={props.noMatch.title}
      action={
        <Button variant="default" onClick={props.onClear}>
          Clear all filters
        </Button>
      }
    >
      Every condition above must hold. {props.noMatch.hint}
    </EmptyState>
  );
}
