import { Button, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { Notice } from '../ui/Notice.tsx';
import { takeNewPassword } from './authRequests.ts';
import { isGoodPassword, NewPassword, NO_PASSWORD } from './NewPassword.tsx';

/** The new password of somebody who has a link for it. */
export function NewPasswordForm(props: { token: string; email: string; onDone: () => void }) {
  const { token, email, onDone } = props;
  const [draft, setDraft] = useState(NO_PASSWORD);
  const [fault, setFault] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  const isReady = isGoodPassword(draft, email);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (!isReady) return;
    setSaving(true);
    setFault(undefined);
    try {
      await takeNewPassword(token, draft.password);
      onDone();
    } catch (error) {
      setFault((error as Error).message);
      setSaving(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} data-testid="new-password-form">
      <Stack gap="md">
        {fault && (
          <div role="alert">
            <Notice tone="bad" testId="new-password-fault">
              {fault}
            </Notice>
          </div>
        )}
        <TextInput label="Email" type="email" autoComplete="username" readOnly value={email} />
        <NewPassword draft={draft} email={email} onChange={setDraft} label="New password" />
        <Button
          type="submit"
          fullWidth
          loading={isSaving}
          disabled={!isReady}
          data-testid="take-new-password"
        >
          Save and sign in
        </Button>
      </Stack>
    </form>
  );
}
