import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { plural } from '../lib/format.ts';
import { May } from '../lib/May.tsx';
import { ActionBar } from '../ui/ActionBar.tsx';
import type { Tagged } from './tagTraces.ts';

const TagDialog = lazy(async () => ({ default: (await import('./TagDialog.tsx')).TagDialog }));
const DeleteDialog = lazy(async () => ({
  default: (await import('./DeleteDialog.tsx')).DeleteDialog,
}));

/** What can be done with the selected traces. */
export function SelectionBar(props: {
  ids: readonly string[];
  onCompare: (() => void) | undefined;
  onTagged: (traces: readonly Tagged[]) => void;
  onDeleted: (id: string) => void;
  onClear: () => void;
}) {
  const { ids, onCompare } = props;
  // The ids a dialog was opened with: what it deletes leaves the selection meanwhile.
  const [opened, setOpened] = useState<{ dialog: 'tag' | 'delete'; ids: readonly string[] }>();
  const close = () => setOpened(undefined);
  return (
    <>
      {ids.length > 0 && (
        <ActionBar
          label="Selected traces"
          selected={plural(ids.length, 'trace')}
          onClear={props.onClear}
        >
          <May scope="TRACES_WRITE">
            <Button
              size="xs"
              variant="default"
              onClick={() => setOpened({ dialog: 'tag', ids })}
              data-testid="tag-selected"
            >
              Tag…
            </Button>
          </May>
          <Button
            size="xs"
            variant="default"
            disabled={!onCompare}
            title={onCompare ? undefined : 'Select exactly two traces'}
            onClick={onCompare}
            data-testid="compare-selected"
          >
            Compare
          </Button>
          <May scope="TRACES_WRITE">
            <Button
              size="xs"
              variant="default"
              c="var(--rt-bad)"
              onClick={() => setOpened({ dialog: 'delete', ids })}
              data-testid="delete-selected"
            >
              Delete…
            </Button>
          </May>
        </ActionBar>
      )}
      <Suspense>
        {opened?.dialog === 'tag' && (
          <TagDialog ids={opened.ids} onTagged={props.onTagged} onClose={close} />
        )}
        {opened?.dialog === 'delete' && (
          <DeleteDialog ids={opened.ids} onDeleted={props.onDeleted} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
