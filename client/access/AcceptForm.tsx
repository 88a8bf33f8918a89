import { Button, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { Notice } from '../ui/Notice.tsx';
import { acceptInvitation } from './authRequests.ts';
import { isGoodPassword, NewPassword, NO_PASSWORD } from './NewPassword.tsx';

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
  const [fault, setFault] = useState<string>();
  const [isSaving, setSaving] = useState(false);
  const isReady = name.trim() !== '' && email.trim() !== '' && isGoodPassword(draft, email);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (!isReady) return;
    setSaving(true);
    setFault(undefined);
    try {
      await acceptInvitation({
        token: props.token,
        email: email.trim(),
        name: name.trim(),
        password: draft.password,
      });
      props.onDone();
    } catch (error) {
      setFault((error as Error).message);
      setSaving(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} data-testid="accept-form">
      <Stack gap="md">
        {fault && (
          <div role="alert">
            <Notice tone="bad" testId="accept-fault">
              {fault}
            </Notice>
          </div>
        )}
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
          loading={isSaving}
          disabled={!isReady}
          data-testid="make-account"
        >
          Make the account
        </Button>
      </Stack>
    </form>
  );
}
