import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { May } from '../lib/May.tsx';

const ComparePicker = lazy(async () => ({
  default: (await import('./ComparePicker.tsx')).ComparePicker,
}));
const DeleteDialog = lazy(async () => ({
  default: (await import('./DeleteDialog.tsx')).DeleteDialog,
}));

/** What one does with a single trace, on its page and beside the list. */
export function TraceActions(props: {
  id: string;
  prompt: string;
  size?: 'xs' | 'sm';
  onDeleted: (id: string) => void;
}) {
  const [opened, setOpened] = useState<'compare' | 'delete'>();
  const close = () => setOpened(undefined);
  const size = props.size ?? 'sm';
  return (
    <>
      <Button
        size={size}
        variant="default"
        onClick={() => setOpened('compare')}
        data-testid="compare-with"
      >
        Compare with…
      </Button>
      <May scope="TRACES_WRITE">
        <Button
          size={size}
          variant="default"
          c="var(--rt-bad)"
          onClick={() => setOpened('delete')}
          data-testid="delete-trace"
        >
          Delete
        </Button>
      </May>
      <Suspense>
        {opened === 'compare' && (
          <ComparePicker id={props.id} prompt={props.prompt} onClose={close} />
        )}
        {opened === 'delete' && (
          <DeleteDialog ids={[props.id]} onClose={close} onDeleted={props.onDeleted} />
        )}
      </Suspense>
    </>
  );
}
