import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { Ago } from '../ui/Ago.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';

const RevokeKeyDialog_Revoke = graphql(`
  mutation RevokeKeyDialog_Revoke($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on RevokeApiKeyPayload {
        apiKey {
          ...KeyRows_Key
        }
      }
      ...Problem_Error
    }
  }
`);

/** Asks once more: what uses the key stops at once. */
export function RevokeKeyDialog(props: {
  of: { id: string; name: string; lastUsedAt: string | null };
  onClose: () => void;
}) {
  const { of: key, onClose } = props;
  const [fault, setFault] = useState<string>();
  const [{ fetching }, revoke] = useMutation(RevokeKeyDialog_Revoke);

  async function submit() {
    const { data, error } = await revoke({ input: { apiKeyId: key.id } });
    if (error) return tellFailure(error);
    const answer = data?.revokeApiKey;
    if (answer?.__typename === 'RevokeApiKeyPayload') {
      tellDone(`${key.name} does not open anything any more`);
      onClose();
    } else if (answer) setFault(problemText(readProblem(answer)));
  }

  return (
    <Dialog onClose={onClose} title={`Revoke ${key.name}?`}>
      <Stack gap="md">
        <Text size="sm">
          Whatever uses it is refused at once, and what it has open is closed. This cannot be taken
          back; make another key instead. It was last used{' '}
          {key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : 'never'}.
        </Text>
        {fault && <Notice tone="bad">{fault}</Notice>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button
            color="red"
            loading={fetching}
            onClick={() => void submit()}
            data-testid="confirm-revoke"
          >
            Revoke
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
