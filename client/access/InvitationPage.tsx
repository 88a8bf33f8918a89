import { Anchor, Button, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatDate } from '../lib/format.ts';
import { useUrlState } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { AcceptForm } from './AcceptForm.tsx';
import { type AuthError, type InvitationFacts, readInvitation } from './authRequests.ts';
import { NewPasswordForm } from './NewPasswordForm.tsx';
import { OutsidePage } from './OutsidePage.tsx';
import { ROLE_MEANS, ROLE_NAMES } from './roles.ts';

function leadOf({ first, role, expiresAt }: InvitationFacts): string {
  const until = `The link works once, until ${formatDate(expiresAt)}.`;
  return first
    ? `You are the first here. You become the administrator, and invite everybody else. ${until}`
    : `You are invited as ${(ROLE_NAMES[role]).toLowerCase()}, who ${ROLE_MEANS[role]}. ${until}`;
}

/** The page behind a one-time link: makes an account, or takes a new password. */
export function InvitationPage() {
  const [{ token = '' }] = useUrlState('token');
  const [invitation, setInvitation] = useState<InvitationFacts>();
  const [fault, setFault] = useState<AuthError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    readInvitation(token).then(
      (found) => isCurrent && setInvitation(found),
      (error: unknown) => isCurrent && setFault(error as AuthError),
    );
    return () => {
      isCurrent = false;
    };
  }, [token, attempt]);

  if (fault) {
    const isGone = fault.status === 404;
    return (
      <OutsidePage title={isGone ? 'This link does not work' : 'That did not work'}>
        <Stack gap="md">
          <Notice tone="bad" testId="invitation-fault">
            {isGone
              ? 'It was used, taken back, or has expired. Ask who sent it for a new one.'
              : fault.message}
          </Notice>
          {isGone ? (
            <Anchor href={paths.signIn()} size="sm">
              Sign in with an account you have
            </Anchor>
          ) : (
            <Button
              variant="default"
              onClick={() => {
                setFault(undefined);
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </Button>
          )}
        </Stack>
      </OutsidePage>
    );
  }
  if (!invitation) {
    return (
      <OutsidePage title="Invitation">
        <LoadingRows rows={4} />
      </OutsidePage>
    );
  }
  if (invitation.resetsPassword) {
    return (
      <OutsidePage
        title="Choose a new password"
        lead={`It signs you out wherever you are signed in. The link works once, until ${formatDate(invitation.expiresAt)}.`}
      >
        <NewPasswordForm
          token={token}
          email={invitation.email ?? ''}
          onDone={() => location.replace(paths.home())}
        />
      </OutsidePage>
    );
  }
  return (
    <OutsidePage
      title={invitation.first ? 'Set up this server' : 'Make your account'}
      lead={leadOf(invitation)}
    >
      <AcceptForm
        token={token}
        fixedEmail={invitation.email}
        onDone={() => location.replace(paths.home())}
      />
    </OutsidePage>
  );
}
