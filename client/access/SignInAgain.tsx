import { Anchor, Stack, Text } from '@mantine/core';
import { session } from '../lib/session.ts';
import { paths } from '../paths.ts';
import { Dialog } from '../ui/Dialog.tsx';
import type { SignedIn } from './authRequests.ts';
import { SignInForm } from './SignInForm.tsx';

/**
 * Over a page whose session has ended: what is typed there stays, and what waits for an answer goes
 * on after the sign-in. Somebody else gets a new page.
 */
export function SignInAgain(props: { email: string | null }) {
  const done = (user: SignedIn) => {
    if (user.email === props.email) session.begin(user.email);
    else location.replace(paths.home());
  };
  return (
    <Dialog
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
      title="Sign in again"
      overlayProps={{ backgroundOpacity: 0.7, blur: 6 }}
      zIndex={400}
    >
      <Stack gap="md" data-testid="sign-in-again">
        <Text size="sm" c="dimmed">
          Your session has ended. Nothing on this page is lost: sign in to go on where you were.
        </Text>
        <SignInForm email={props.email ?? undefined} onDone={done} />
        <Anchor href={paths.signIn()} size="xs" ta="center">
          Leave this page and sign in anew
        </Anchor>
      </Stack>
    </Dialog>
  );
}
