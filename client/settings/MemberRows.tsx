import { Button, Select, Text } from '@mantine/core';
import { useMutation } from 'urql';
import { ROLE_NAMES, ROLES } from '../access/roles.ts';
import type { MemberRows_UserFragment } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { oneOf } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Table } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './MemberRows.module.css';
import { ResetPassword } from './ResetPassword.tsx';

const MemberRows_User = graphql(`
  fragment MemberRows_User on User {
    id
    email
    name
    role
    createdAt
    lastSeenAt
    disabledAt
    isYou
    isOnlyAdmin
    viewerCanChange
    viewerCanResetPassword
  }
`);

export const MemberRows_Query = graphql(`
  query MemberRows_Query($after: String) {
    users(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...MemberRows_User
        }
      }
    }
  }
`);

const MemberRows_Change = graphql(`
  mutation MemberRows_Change($input: ChangeUserInput!) {
    changeUser(input: $input) {
      __typename
      ... on ChangeUserPayload {
        user {
          ...MemberRows_User
        }
      }
      ...Problem_Error
    }
  }
`);

type User = MemberRows_UserFragment;

const ONLY_ADMIN =
  'The only administrator: somebody has to be able to let others in. Make another one first.';

/** Changes a role or disables; what the server refuses is told with its reason. */
function useChange() {
  const [{ fetching }, change] = useMutation(MemberRows_Change);
  async function ask(user: User, part: { role?: User['role']; disabled?: boolean }, done: string) {
    const { data, error } = await change({ input: { userId: user.id, ...part } });
    if (error) tellFailure(error);
    else if (data?.changeUser.__typename === 'ChangeUserPayload') tellDone(done);
    else if (data) tellProblem(problemText(readProblem(data.changeUser)), 'Not changed');
  }
  return [fetching, ask] as const;
}

function MemberRow({ user }: { user: User }) {
  const [isChanging, change] = useChange();
  const isFixed = !user.viewerCanChange || user.isOnlyAdmin;
  return (
    <tr data-testid="member" data-email={user.email}>
      <td>
        <div>
          {user.name}{' '}
          {user.isYou && (
            <Text span size="xs" c="dimmed">
              (you)
            </Text>
          )}
        </div>
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {user.email}
        </Text>
      </td>
      <td data-wide>
        {user.disabledAt ? (
          <Tag tone="idle" icon="stop">
            Disabled
          </Tag>
        ) : (
          <Tag tone="good" icon="check">
            Active
          </Tag>
        )}
      </td>
      <td data-numeric data-wide>
        {user.lastSeenAt ? <Ago at={user.lastSeenAt} /> : 'never'}
      </td>
      <td data-numeric data-wide>
        <TextLink to={paths.audit({ actor: user.id })}>What they did</TextLink>
      </td>
      <td title={user.isOnlyAdmin ? ONLY_ADMIN : undefined}>
        <div className={css.role}>
          {isFixed ? (
            ROLE_NAMES[user.role]
          ) : (
            <Select
              size="xs"
              w={134}
              aria-label={`Role of ${user.name}`}
              allowDeselect={false}
              disabled={isChanging}
              data={ROLES.map((value) => ({ value, label: ROLE_NAMES[value] }))}
              value={user.role}
              onChange={(value) => {
                const role = oneOf(ROLES, value ?? undefined);
                if (role && role !== user.role) {
                  void change(
                    user,
                    { role },
                    `${user.name} is now ${ROLE_NAMES[role].toLowerCase()}`,
                  );
                }
              }}
            />
          )}
          {user.viewerCanResetPassword && !user.isYou && <ResetPassword of={user} />}
          {user.isOnlyAdmin ? (
            <Text size="xs" c="dimmed">
              only administrator
            </Text>
          ) : (
            user.viewerCanChange && (
              <Button
                size="compact-xs"
                variant="default"
                loading={isChanging}
                onClick={() =>
                  void change(
                    user,
                    { disabled: !user.disabledAt },
                    user.disabledAt
                      ? `${user.name} may sign in again`
                      : `${user.name} is out: sessions and keys have ended`,
                  )
                }
                data-testid="disable-member"
              >
                {user.disabledAt ? 'Enable' : 'Disable'}
              </Button>
            )
          )}
        </div>
      </td>
    </tr>
  );
}

export function MemberRows() {
  return (
    <Table
      caption="Members"
      testId="members-table"
      columns={[
        { name: 'Member' },
        { name: 'State', wide: true },
        { name: 'Last seen', numeric: true, wide: true },
        { name: 'Audit', label: 'What they did', numeric: true, wide: true },
        { name: 'Role' },
      ]}
    >
      <PagedRows
        query={MemberRows_Query}
        variables={{}}
        pageOf={(data) => data.users}
        noun="member"
        empty={
          <EmptyState title="No members yet">
            An invitation is a link that works once and makes an account with the role you choose.
          </EmptyState>
        }
      >
        {(nodes) => (
          <tbody>
            {read(MemberRows_User, nodes).map((user) => (
              <MemberRow key={user.id} user={user} />
            ))}
          </tbody>
        )}
      </PagedRows>
    </Table>
  );
}
