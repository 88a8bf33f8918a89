import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { splitList } from '../lib/filterWords.ts';
import { plural } from '../lib/format.ts';
import { tellDone } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { type Tagged, useTagTraces } from './tagTraces.ts';

const wordsOf = (text: string) =>
  splitList(text)
    .map((tag) => tag.trim())
    .filter(Boolean);

/** Adds and removes tags of many traces at once. */
export function TagDialog(props: {
  ids: readonly string[];
  onTagged: (traces: readonly Tagged[]) => void;
  onClose: () => void;
}) {
  const { ids } = props;
  const [isTagging, tagTraces] = useTagTraces();
  const [add, setAdd] = useState('');
  const [remove, setRemove] = useState('');
  const tagging = { add: wordsOf(add), remove: wordsOf(remove) };
  const isEmpty = tagging.add.length + tagging.remove.length === 0;

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (isEmpty) return;
    const tagged = await tagTraces(ids, tagging);
    if (tagged.length === 0) return;
    props.onTagged(tagged);
    tellDone(`${plural(tagged.length, 'trace')} tagged`);
    props.onClose();
  }

  return (
    <Dialog onClose={props.onClose} title={`Tag ${plural(ids.length, 'trace')}`}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <TextInput
            label="Add"
            placeholder="hard, reviewed"
            description="Several with commas"
            value={add}
            data-autofocus
            onChange={(event) => setAdd(event.currentTarget.value)}
          />
          <TextInput
            label="Remove"
            value={remove}
            onChange={(event) => setRemove(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isTagging} disabled={isEmpty}>
              Tag
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
