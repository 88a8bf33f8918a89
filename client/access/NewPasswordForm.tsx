import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { takeNewPassword } from './authRequests.ts';
import { Fault } from './Fault.tsx';
import { isGoodPassword, NewPassword, NO_PASSWORD } from './NewPassword.tsx';
import { useAsking } from './useAsking.ts';

/** The new password of somebody who has a link for it. */
export function NewPasswordForm(props: { token: string; email: string; onDone: () => void }) {
  const { token, email, onDone } = props;
  const [draft, setDraft] = useState(NO_PASSWORD);
  const isReady = isGoodPassword(draft, email);

  const { fault, isAsking, onSubmit } = useAsking(async () => {
    if (!isReady) return;
    await takeNewPassword(token, draft.password);
    onDone();
  });

  return (
    <form onSubmit={onSubmit} data-testid="new-password-form">
      <Stack gap="md">
        <Fault text={fault} testId="new-password-fault" />
        <TextInput label="Email" type="email" autoComplete="username" readOnly value={email} />
        <NewPassword draft={draft} email={email} onChange={setDraft} label="New password" />
        <Button
          type="submit"
          fullWidth
          loading={isAsking}
          disabled={!isReady}
          data-testid="take-new-password"
        >
          Save and sign in
        </Button>
      </Stack>
    </form>
  );
}
