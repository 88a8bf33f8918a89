import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { queueName } from './runnerWords.ts';

const PauseQueueDialog_Pause = graphql(`
  mutation PauseQueueDialog_Pause($input: PauseQueueInput!) {
    pauseQueue(input: $input) {
      __typename
      ... on PauseQueuePayload {
        queue {
          key
        }
      }
      ...Problem_Error
    }
  }
`);

/** Asks why, before a queue stops handing out runs. */
export function PauseQueueDialog(props: {
  labels: readonly string[];
  onPaused: () => void;
  onClose: () => void;
}) {
  const { labels } = props;
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string>();
  const [{ fetching }, pause] = useMutation(PauseQueueDialog_Pause);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    const input = { labels: [...labels], reason: reason.trim() || undefined };
    const { data, error } = await pause({ input });
    if (error) tellFailure(error);
    else if (data && data.pauseQueue.__typename !== 'PauseQueuePayload') {
      setFault(problemText(readProblem(data.pauseQueue)));
    } else {
      props.onPaused();
      props.onClose();
    }
  }

  return (
    <Dialog onClose={props.onClose} title={`Pause the queue: ${queueName(labels)}`}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          <Text size="sm">
            Runs that wait stay in the queue and say why; those that train go on.
          </Text>
          <TextInput
            label="Why"
            description="Everybody who waits reads it"
            placeholder="The driver is being updated until 15:00"
            maxLength={500}
            data-autofocus
            value={reason}
            error={fault}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Back
            </Button>
            <Button type="submit" loading={fetching} data-testid="confirm-pause">
              Pause
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
