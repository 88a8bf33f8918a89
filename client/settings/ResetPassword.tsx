import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { formatDate } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ShownOnce } from './ShownOnce.tsx';

const ResetPassword_Reset = graphql(`
  mutation ResetPassword_Reset($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      __typename
      ... on ResetPasswordPayload {
        url
        expiresAt
      }
      ...Problem_Error
    }
  }
`);

type Person = { id: string; name: string };

function ResetDialog(props: { of: Person; onClose: () => void }) {
  const { of: user, onClose } = props;
  const [link, setLink] = useState<{ url: string; expiresAt: string }>();
  const [fault, setFault] = useState<string>();
  const [{ fetching }, reset] = useMutation(ResetPassword_Reset);

  async function make() {
    setFault(undefined);
    const { data, error } = await reset({ input: { userId: user.id } });
    if (error) return tellFailure(error);
    const answer = data?.resetPassword;
    if (answer?.__typename === 'ResetPasswordPayload') {
      setLink({ url: answer.url, expiresAt: answer.expiresAt });
    } else if (answer) setFault(problemText(readProblem(answer)));
  }

  return (
    <Dialog
      onClose={onClose}
      title={link ? 'The link is made' : `A new password for ${user.name}?`}
      closeOnClickOutside={!link}
    >
      <Stack gap="md">
        {link ? (
          <ShownOnce what="link" value={link.url}>
            {`Send it to ${user.name} and nobody else: whoever opens it gets into the account. It works once, until ${formatDate(link.expiresAt)}; you can take it back before.`}
          </ShownOnce>
        ) : (
          <Text size="sm">
            You get a link by which they choose one. The old password stays good until it is used;
            then they are signed out everywhere. Their keys stay.
          </Text>
        )}
        {fault && <Notice tone="bad">{fault}</Notice>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {link ? 'Done' : 'Cancel'}
          </Button>
          {!link && (
            <Button loading={fetching} onClick={() => void make()} data-testid="make-reset">
              Make the link
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Makes a link for a member who forgot their password. */
export function ResetPassword(props: { of: Person }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`New password for ${props.of.name}`}
        onClick={() => setOpen(true)}
        data-testid="reset-password"
      >
        New password
      </Button>
      {isOpen && <ResetDialog of={props.of} onClose={() => setOpen(false)} />}
    </>
  );
}
