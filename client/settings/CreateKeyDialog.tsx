import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../ui/Dialog.tsx';
import { CreateKeyForm } from './CreateKeyForm.tsx';
import { KeyMade, type MadeKey } from './KeyMade.tsx';

/** Two steps: what the key may do, then its secret, once. */
export function CreateKeyDialog(props: { onClose: () => void }) {
  const [made, setMade] = useState<MadeKey>();
  return (
    <Dialog
      size="lg"
      onClose={props.onClose}
      title={made ? `The key ${made.name} is made` : 'Create an API key'}
      closeOnClickOutside={!made}
    >
      {made ? (
        <>
          <KeyMade made={made} />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={props.onClose} data-testid="key-done">
              Done
            </Button>
          </Group>
        </>
      ) : (
        <CreateKeyForm onCancel={props.onClose} onMade={setMade} />
      )}
    </Dialog>
  );
}
