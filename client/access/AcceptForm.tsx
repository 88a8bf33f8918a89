import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { acceptInvitation } from './authRequests.ts';
import { Fault } from './Fault.tsx';
import { isGoodPassword, NewPassword, NO_PASSWORD } from './NewPassword.tsx';
import { useAsking } from './useAsking.ts';

/** Name, email and password of the account that an invitation makes. */
export function AcceptForm(props: {
  token: string;
  /** Named by the invitation; otherwise it is asked for. */
  fixedEmail: string | null;
  onDone: () => void;
}) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState(props.fixedEmail ?? '');
  const [draft, setDraft] = useState(NO_PASSWORD);
  const isReady = name.trim() !== '' && email.trim() !== '' && isGoodPassword(draft, email);

  const { fault, isAsking, onSubmit } = useAsking(async () => {
    if (!isReady) return;
    await acceptInvitation({
      token: props.token,
      email: email.trim(),
      name: name.trim(),
      password: draft.password,
    });
    props.onDone();
  });

  return (
    <form onSubmit={onSubmit} data-testid="accept-form">
      <Stack gap="md">
        <Fault text={fault} testId="accept-fault" />
        <TextInput
          label="Name"
          description="As others see it beside what you do"
          autoComplete="name"
          required
          withAsterisk={false}
          maxLength={128}
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Email"
          description={props.fixedEmail ? 'Named by the invitation' : 'You sign in with it'}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          maxLength={254}
          readOnly={props.fixedEmail !== null}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NewPassword draft={draft} email={email} onChange={setDraft} />
        <Button
          type="submit"
          fullWidth
          loading={isAsking}
          disabled={!isReady}
          data-testid="make-account"
        >
          Make the account
        </Button>
      </Stack>
    </form>
  );
}
