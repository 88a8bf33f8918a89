import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';

const WaiveDialog_Waive = graphql(`
  mutation WaiveDialog_Waive($id: ID!, $reason: String!) {
    waiveFinding(input: { id: $id, reason: $reason }) {
      __typename
      ... on WaiveFindingPayload {
        finding {
          id
          ...FindingRow_Finding
        }
      }
      ...Problem_Error
    }
  }
`);

/** Accepts a finding; the reason stays with every later check of the dataset. */
export function WaiveDialog(props: {
  findingId: string;
  message: string;
  onClose: () => void;
  onWaived: () => void;
}) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, waive] = useMutation(WaiveDialog_Waive);

  async function submit() {
    const { data, error } = await waive({ id: props.findingId, reason: reason.trim() });
    if (error) tellFailure(error);
    else if (data?.waiveFinding.__typename === 'WaiveFindingPayload') {
      props.onClose();
      props.onWaived();
    } else if (data) setProblem(problemText(readProblem(data.waiveFinding)));
  }

  return (
    <Dialog onClose={props.onClose} title="Waive this finding">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim()) void submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{props.message}</Text>
          <Textarea
            label="Reason"
            description="Why this is fine. It is kept with the dataset and holds for later checks."
            autosize
            minRows={2}
            required
            maxLength={1000}
            data-autofocus
            value={reason}
            error={problem}
            onChange={(event) => {
              setReason(event.currentTarget.value);
              setProblem(undefined);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching} disabled={!reason.trim()}>
              Waive
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
