import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useMutation } from 'urql';
import { ROLE_MEANS, ROLE_NAMES, ROLES } from '../access/roles.ts';
import type { UserRole } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatDate } from '../lib/format.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { oneOf } from '../lib/url.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ShownOnce } from './ShownOnce.tsx';

const InviteDialog_Invite = graphql(`
  mutation InviteDialog_Invite($input: InviteUserInput!) {
    inviteUser(input: $input) {
      __typename
      ... on InviteUserPayload {
        url
        invitation {
          id
          expiresAt
        }
      }
      ...Problem_Error
    }
  }
`);

type Link = { url: string; expiresAt: string };

function LinkMade(props: { link: Link; onClose: () => void }) {
  return (
    <Stack gap="md">
      <ShownOnce what="link" value={props.link.url}>
        {`Send it to the person you invite. It works once, until ${formatDate(props.link.expiresAt)}; you can take it back before.`}
      </ShownOnce>
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

/** Makes a one-time link with a role, for one address or for whoever has it. */
export function InviteDialog(props: { onClose: () => void }) {
  const [role, setRole] = useState<UserRole>('MEMBER');
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [link, setLink] = useState<Link>();
  const [{ fetching }, invite] = useMutation(InviteDialog_Invite);
  const placed = problem
    ? issuesByField(problem, ['email', 'role'] as const)
    : { byField: {}, rest: [] };
  const errors: { email?: string; role?: string } = placed.byField;

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setProblem(undefined);
    const { data, error } = await invite({ input: { role, email: email.trim() || undefined } });
    if (error) return tellFailure(error);
    const answer = data?.inviteUser;
    if (answer?.__typename === 'InviteUserPayload') {
      setLink({ url: answer.url, expiresAt: answer.invitation.expiresAt });
    } else if (answer) setProblem(readProblem(answer));
  }

  return (
    <Dialog
      onClose={props.onClose}
      title={link ? 'The invitation is made' : 'Invite somebody'}
      closeOnClickOutside={!link}
    >
      {link ? (
        <LinkMade link={link} onClose={props.onClose} />
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="md">
            <Radio.Group
              label="Role"
              value={role}
              error={errors.role}
              onChange={(value) => setRole(oneOf(ROLES, value) ?? role)}
            >
              <Stack gap="xs" mt={6}>
                {ROLES.map((value) => (
                  <Radio
                    key={value}
                    value={value}
                    label={ROLE_NAMES[value]}
                    description={`A ${ROLE_NAMES[value].toLowerCase()} ${ROLE_MEANS[value]}`.replace(
                      /^A a/,
                      'An a',
                    )}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <TextInput
              label="Email"
              description="Only for this address; without one, whoever has the link may use it"
              type="email"
              autoComplete="off"
              maxLength={254}
              value={email}
              error={errors.email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
            <Group justify="flex-end">
              <Button variant="default" onClick={props.onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={fetching} data-testid="make-invitation">
                Make the link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
