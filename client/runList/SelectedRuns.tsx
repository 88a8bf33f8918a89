import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { plural } from '../lib/format.ts';
import { May } from '../lib/May.tsx';
import { ActionBar } from '../ui/ActionBar.tsx';
import type { BulkAction } from './bulkActions.ts';
import type { RunRow } from './runRows.ts';

const BulkDialog = lazy(async () => ({ default: (await import('./BulkDialog.tsx')).BulkDialog }));

export type Opened = { action: BulkAction; runs: readonly RunRow[] };

/** What can be done with the selected runs. The dialog keeps the runs it was opened with. */
export function SelectedRuns(props: {
  runs: readonly RunRow[];
  onCompare: (() => void) | undefined;
  opened: Opened | undefined;
  onOpen: (opened: Opened | undefined) => void;
  onGone: (ids: readonly string[]) => void;
  onClear: () => void;
}) {
  const { runs, onCompare, opened, onOpen } = props;
  const isArchive = runs.length > 0 && runs.every(({ archivedAt }) => archivedAt !== null);
  const open = (action: BulkAction) => () => onOpen({ action, runs });
  return (
    <>
      {runs.length > 0 && (
        <ActionBar
          label="Selected runs"
          selected={plural(runs.length, 'run')}
          onClear={props.onClear}
        >
          <Button
            size="xs"
            variant="default"
            disabled={!onCompare}
            title={onCompare ? undefined : 'Select two to ten runs'}
            onClick={onCompare}
            data-testid="compare-selected"
          >
            Compare
          </Button>
          <May scope="RUNS_WRITE">
            <Button
              size="xs"
              variant="default"
              onClick={open('retry')}
              data-testid="retry-selected"
            >
              Retry…
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={open(isArchive ? 'restore' : 'archive')}
              data-testid="archive-selected"
            >
              {isArchive ? 'Restore…' : 'Archive…'}
            </Button>
            <Button
              size="xs"
              variant="default"
              c="var(--rt-bad)"
              onClick={open('cancel')}
              data-testid="cancel-selected"
            >
              Stop…
            </Button>
          </May>
        </ActionBar>
      )}
      <Suspense>
        {opened && (
          <BulkDialog
            {...opened}
            onDone={(ids) => {
              if (opened.action === 'archive' || opened.action === 'restore') props.onGone(ids);
            }}
            onClose={() => onOpen(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
