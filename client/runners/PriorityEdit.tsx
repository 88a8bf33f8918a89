import { Button, Popover, TextInput } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure } from '../lib/tell.ts';
import css from './PriorityEdit.module.css';

const PriorityEdit_Set = graphql(`
  mutation PriorityEdit_Set($input: SetRunPriorityInput!) {
    setRunPriority(input: $input) {
      __typename
      ... on SetRunPriorityPayload {
        run {
          id
          priority
          ...LiveRun_Run
        }
      }
      ...Problem_Error
    }
  }
`);

/** The priority of a run that waits, and the way to change it. */
export function PriorityEdit(props: {
  run: { id: string; number: number; priority: number; viewerCanSetPriority: boolean };
  onChanged: () => void;
}) {
  const { run, onChanged } = props;
  const [draft, setDraft] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [{ fetching }, set] = useMutation(PriorityEdit_Set);
  const isNumber = draft !== undefined && /^-?\d{1,3}$/.test(draft.trim());
  const close = () => {
    setDraft(undefined);
    setFault(undefined);
  };

  async function save(event: SyntheticEvent) {
    event.preventDefault();
    if (!isNumber) return;
    const { data, error } = await set({ input: { runId: run.id, priority: Number(draft) } });
    if (error) tellFailure(error);
    else if (data && data.setRunPriority.__typename !== 'SetRunPriorityPayload') {
      setFault(problemText(readProblem(data.setRunPriority)));
    } else {
      close();
      onChanged();
    }
  }

  if (!run.viewerCanSetPriority) return <span>priority {run.priority}</span>;
  return (
    <Popover
      opened={draft !== undefined}
      onChange={(opened) => !opened && close()}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Priority of run ${run.number}: ${run.priority}`}
          onClick={() => (draft === undefined ? setDraft(String(run.priority)) : close())}
          data-testid="priority"
        >
          priority {run.priority}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void save(event)} className={css.form}>
          <TextInput
            size="xs"
            w={120}
            label="Higher goes first"
            inputMode="numeric"
            data-autofocus
            value={draft ?? ''}
            error={fault}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" loading={fetching} disabled={!isNumber}>
            Set
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
