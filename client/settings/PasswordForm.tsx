import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useMutation } from 'urql';
import { isGoodPassword, NewPassword, NO_PASSWORD } from '../access/NewPassword.tsx';
import { graphql } from '../gql/index.ts';
import { issuesByField, type Problem, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { Notice } from '../ui/Notice.tsx';

const PasswordForm_Change = graphql(`
  mutation PasswordForm_Change($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      __typename
      ... on ChangePasswordPayload {
        user {
          id
        }
      }
      ...Problem_Error
    }
  }
`);

/** The old password and the new one; every other session ends. */
export function PasswordForm(props: { email: string }) {
  const { email } = props;
  const [current, setCurrent] = useState('');
  const [draft, setDraft] = useState(NO_PASSWORD);
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, change] = useMutation(PasswordForm_Change);
  const placed = problem
    ? issuesByField(problem, ['current', 'next'] as const)
    : { byField: {}, rest: [] };
  const errors: { current?: string; next?: string } = placed.byField;
  const isReady = current !== '' && isGoodPassword(draft, email);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (!isReady) return;
    setProblem(undefined);
    const { data, error } = await change({ input: { current, next: draft.password } });
    if (error) return tellFailure(error);
    const answer = data?.changePassword;
    if (answer?.__typename === 'ChangePasswordPayload') {
      tellDone('The password is changed; you are signed out everywhere else');
      setCurrent('');
      setDraft(NO_PASSWORD);
    } else if (answer) setProblem(readProblem(answer));
  }

  return (
    <form onSubmit={(event) => void submit(event)} data-testid="password-form">
      <Stack gap="md">
        {/* For password managers: whose password this is. */}
        <input type="text" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          value={current}
          error={errors.current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <NewPassword
          draft={draft}
          email={email}
          label="New password"
          error={errors.next}
          onChange={setDraft}
        />
        {placed.rest.length > 0 && <Notice tone="bad">{placed.rest.join('; ')}</Notice>}
        <Group justify="flex-end">
          <Button type="submit" loading={fetching} disabled={!isReady}>
            Change the password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
