import { Button, Group, Stack, Text } from '@mantine/core';
import { formatCount, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { tellDone } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useDeleteTraces } from './deleteTraces.ts';

/** Asks, deletes, and says which traces must stay and why. */
export function DeleteDialog(props: {
  ids: readonly string[];
  onDeleted: (id: string) => void;
  onClose: () => void;
}) {
  const { ids } = props;
  const { done, refusals, deleteTraces } = useDeleteTraces(props.onDeleted);
  const isDeleting = done !== undefined;

  async function submit() {
    const refused = await deleteTraces(ids);
    const gone = ids.length - refused.length;
    if (gone > 0) tellDone(`${plural(gone, 'trace')} deleted`);
    if (refused.length === 0) props.onClose();
  }

  return (
    <Dialog
      onClose={props.onClose}
      title={ids.length === 1 ? 'Delete this trace?' : `Delete ${plural(ids.length, 'trace')}?`}
    >
      <Stack gap="md">
        {refusals.length === 0 ? (
          <Text size="sm">
            It cannot be undone. A trace that a dataset or an evaluation holds stays where it is.
          </Text>
        ) : (
          <Notice
            tone="bad"
            title={
              ids.length === 1 ? 'Not deleted' : `${plural(refusals.length, 'trace')} not deleted`
            }
            testId="delete-refused"
          >
            <Stack gap={4}>
              {refusals.slice(0, 10).map(({ id, message }) => (
                <div key={id}>
                  {ids.length > 1 && <TextLink to={paths.trace(id)}>This trace</TextLink>} {message}
                </div>
              ))}
              {refusals.length > 10 && <div>and {formatCount(refusals.length - 10)} more</div>}
            </Stack>
          </Notice>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {refusals.length > 0 ? 'Close' : 'Keep'}
          </Button>
          {refusals.length === 0 && (
            <Button
              color="red"
              loading={isDeleting}
              onClick={() => void submit()}
              data-testid="confirm-delete"
            >
              Delete
            </Button>
          )}
        </Group>
        {isDeleting && ids.length > 1 && (
          <Text size="xs" c="dimmed" role="status">
            {formatCount(done)} of {formatCount(ids.length)}
          </Text>
        )}
      </Stack>
    </Dialog>
  );
}
