import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { Notice } from '../ui/Notice.tsx';
import { AuthError, type SignedIn, signIn } from './authRequests.ts';

const words = (error: unknown): string => {
  if (!(error instanceof AuthError)) return String(error);
  if (error.status === 401) return 'The email or the password is wrong.';
  if (error.status === 429) {
    return error.retryAfter
      ? `Too many attempts. Try again in ${error.retryAfter} s.`
      : 'Too many attempts. Try again in a minute.';
  }
  return error.message;
};

/** Email and password; says what went wrong and keeps what was typed. */
export function SignInForm(props: { email?: string; onDone: (user: SignedIn) => void }) {
  const [email, setEmail] = useState(props.email ?? '');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string>();
  const [isAsking, setAsking] = useState(false);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setAsking(true);
    setFault(undefined);
    try {
      props.onDone(await signIn(email.trim(), password));
    } catch (error) {
      setFault(words(error));
      setPassword('');
    } finally {
      setAsking(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} data-testid="sign-in-form">
      <Stack gap="md">
        {fault && (
          <div role="alert">
            <Notice tone="bad" testId="sign-in-fault">
              {fault}
            </Notice>
          </div>
        )}
        <TextInput
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={props.email ? undefined : true}
          autoFocus={!props.email}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={props.email ? true : undefined}
          autoFocus={Boolean(props.email)}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" fullWidth loading={isAsking} data-testid="sign-in">
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
