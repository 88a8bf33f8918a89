import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { type Problem, problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure } from '../lib/tell.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import type { PolicyForm } from './policyForm.ts';
import { toPolicy } from './policyForm.ts';

const PromoteDialog_Promote = graphql(`
  mutation PromoteDialog_Promote($input: PromoteBestRunInput!) {
    promoteBestRun(input: $input) {
      __typename
      ... on PromoteBestRunPayload {
        baseline {
          id
          name
          revision
          evaluation {
            id
            run {
              id
              number
            }
          }
        }
      }
      ...Problem_Error
    }
  }
`);

/** What the best run is looked for on. */
type Target = {
  datasetKey: string | undefined;
  split: 'TRAIN' | 'EVAL' | 'TEST' | undefined;
  evaluationSetKey: string | undefined;
  judge: string;
};

/** Pins the best run of the same board under the same name and policy. */
export function PromoteDialog(props: {
  name: string;
  target: Target;
  judgedOn: string;
  policy: PolicyForm;
  onClose: () => void;
  onDone: () => void;
}) {
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [{ fetching }, promote] = useMutation(PromoteDialog_Promote);

  async function submit() {
    const input = {
      ...toPolicy(props.policy),
      ...props.target,
      name: props.name,
      note: note.trim() || undefined,
    };
    const { data, error } = await promote({ input });
    if (error) tellFailure(error);
    const answer = data?.promoteBestRun;
    if (answer?.__typename === 'PromoteBestRunPayload') {
      const { revision, evaluation } = answer.baseline;
      tellDone(`Run #${evaluation.run.number} is now the baseline, revision ${revision}`);
      props.onDone();
    } else if (answer) setProblem(readProblem(answer));
  }

  return (
    <Dialog onClose={props.onClose} title="Promote the best run">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            The run with the best {props.policy.metric || 'score'} on the {props.judgedOn} by{' '}
            {props.target.judge} becomes the next revision of {props.name}. The policy stays as it
            is.
          </Text>
          <Textarea
            label="Note"
            placeholder="Why now"
            autosize
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {problem && <Notice tone="bad">{problemText(problem)}</Notice>}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Promote
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
