import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AuthError, type SignedIn, signIn } from './authRequests.ts';
import { Fault } from './Fault.tsx';
import { useAsking } from './useAsking.ts';

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

  const { fault, isAsking, onSubmit } = useAsking(async () => {
    try {
      props.onDone(await signIn(email.trim(), password));
    } catch (error) {
      setPassword('');
      throw error;
    }
  }, words);

  return (
    <form onSubmit={onSubmit} data-testid="sign-in-form">
      <Stack gap="md">
        <Fault text={fault} testId="sign-in-fault" />
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
