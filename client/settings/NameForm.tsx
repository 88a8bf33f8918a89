import { Button, Group, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';

const NameForm_Change = graphql(`
  mutation NameForm_Change($input: ChangeUserInput!) {
    changeUser(input: $input) {
      __typename
      ... on ChangeUserPayload {
        user {
          id
          name
        }
      }
      ...Problem_Error
    }
  }
`);

/** What a user is called, for those who may change it. */
export function NameForm(props: { user: { id: string; name: string } }) {
  const { user } = props;
  const [name, setName] = useState(user.name);
  const [fault, setFault] = useState<string>();
  const [{ fetching }, change] = useMutation(NameForm_Change);
  const isChanged = name.trim() !== '' && name.trim() !== user.name;

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (!isChanged) return;
    setFault(undefined);
    const { data, error } = await change({ input: { userId: user.id, name: name.trim() } });
    if (error) return tellFailure(error);
    const answer = data?.changeUser;
    if (answer?.__typename === 'ChangeUserPayload') tellDone(`You are called ${answer.user.name}`);
    else if (answer) setFault(problemText(readProblem(answer)));
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          label="Name"
          flex={1}
          maxLength={128}
          autoComplete="name"
          value={name}
          error={fault}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={fetching} disabled={!isChanged}>
          Save
        </Button>
      </Group>
    </form>
  );
}
