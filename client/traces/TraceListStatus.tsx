import { Button } from '@mantine/core';
import { formatCount, plural } from '../lib/format.ts';
import { Tag } from '../ui/Tag.tsx';
import css from './TracesPage.module.css';
import type { TraceListView } from './traceList.ts';

/** How many there are, what is not searchable yet, and whether the list is behind. */
export function TraceListStatus(props: {
  view: TraceListView;
  hasText: boolean;
  onReload: () => void;
}) {
  const { total, facts, isOutdated } = props.view;
  const pendingSearch = facts?.pendingSearch ?? 0;
  return (
    <div className={css.status} role="status">
      {total !== undefined && <span data-testid="total">{plural(total, 'trace')}</span>}
      {props.hasText && pendingSearch > 0 && (
        <Tag tone="warn" icon="clock" testId="pending-search">
          {formatCount(pendingSearch)} not searchable yet, within seconds
        </Tag>
      )}
      {isOutdated && (
        <Button size="compact-xs" variant="light" onClick={props.onReload} data-testid="reload">
          The list may have changed: read again
        </Button>
      )}
    </div>
  );
}
