import { Button } from '@mantine/core';
import { useMutation } from 'urql';
import { ROLE_NAMES } from '../access/roles.ts';
import type { Invitations_InvitationFragment } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { formatDate } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { Ago, useNow } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Table } from '../ui/Table.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';
import { type InvitationState, invitationState } from './invitationState.ts';

const Invitations_Invitation = graphql(`
  fragment Invitations_Invitation on Invitation {
    id
    role
    email
    createdBy
    createdAt
    expiresAt
    usedAt
    revokedAt
    viewerCanRevoke
    user {
      id
    }
  }
`);

export const Invitations_Query = graphql(`
  query Invitations_Query($after: String) {
    invitations(first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...Invitations_Invitation
        }
      }
    }
  }
`);

const Invitations_Revoke = graphql(`
  mutation Invitations_Revoke($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      __typename
      ... on RevokeInvitationPayload {
        invitation {
          ...Invitations_Invitation
        }
      }
      ...Problem_Error
    }
  }
`);

const TONES: Record<InvitationState, Tone> = {
  open: 'info',
  used: 'good',
  revoked: 'idle',
  expired: 'idle',
};

function InvitationRow(props: { invitation: Invitations_InvitationFragment; now: number }) {
  const { invitation, now } = props;
  const [{ fetching }, revoke] = useMutation(Invitations_Revoke);
  const state = invitationState(invitation, now);

  async function takeBack() {
    const { data, error } = await revoke({ input: { invitationId: invitation.id } });
    if (error) tellFailure(error);
    else if (data?.revokeInvitation.__typename === 'RevokeInvitationPayload') {
      tellDone('The link does not work any more');
    } else if (data) tellProblem(problemText(readProblem(data.revokeInvitation)), 'Not taken back');
  }

  return (
    <tr data-testid="invitation" data-state={state}>
      <td style={{ overflowWrap: 'anywhere' }}>{invitation.email ?? 'whoever has the link'}</td>
      <td>{invitation.user ? 'New password' : ROLE_NAMES[invitation.role]}</td>
      <td>
        <Tag
          tone={TONES[state]}
          icon={state === 'used' ? 'check' : state === 'open' ? 'clock' : 'stop'}
          title={state === 'open' ? `Until ${formatDate(invitation.expiresAt)}` : undefined}
        >
          {state}
        </Tag>
      </td>
      <td data-numeric data-wide>
        <Ago at={invitation.createdAt} />
        {invitation.createdBy && ` by ${invitation.createdBy}`}
      </td>
      <td data-numeric>
        {state === 'open' && invitation.viewerCanRevoke && (
          <Button
            size="compact-xs"
            variant="default"
            loading={fetching}
            onClick={() => void takeBack()}
          >
            Take back
          </Button>
        )}
      </td>
    </tr>
  );
}

/** Links that were given out, and what became of them. */
export function Invitations() {
  const now = useNow(60_000);
  return (
    <Table
      caption="Invitations"
      testId="invitations-table"
      columns={[
        { name: 'For' },
        { name: 'Gives' },
        { name: 'State' },
        { name: 'Made', numeric: true, wide: true },
        { name: 'Actions', label: 'Actions', numeric: true },
      ]}
    >
      <PagedRows
        query={Invitations_Query}
        variables={{}}
        pageOf={(data) => data.invitations}
        noun="invitation"
        empty={<EmptyState title="Nobody is invited">Links you give out stand here.</EmptyState>}
      >
        {(nodes) => (
          <tbody>
            {read(Invitations_Invitation, nodes).map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} now={now} />
            ))}
          </tbody>
        )}
      </PagedRows>
    </Table>
  );
}
