import { Button, Menu, Text } from '@mantine/core';
import { useMutation } from 'urql';
import type { CancelMode } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellDone, tellFailure, tellProblem } from '../lib/tell.ts';
import { Icon } from '../ui/Icon.tsx';
import { RunMutations_Cancel } from './runMutations.ts';

const CancelMenu_Run = graphql(`
  fragment CancelMenu_Run on Run {
    id
    number
    status
    viewerCanCancel
    cancelRequestedAt
  }
`);

export function CancelMenu(props: { run: FragmentType<typeof CancelMenu_Run> }) {
  const run = read(CancelMenu_Run, props.run);
  const [{ fetching }, cancel] = useMutation(RunMutations_Cancel);
  if (!run.viewerCanCancel) return null;

  async function stop(mode: CancelMode) {
    const { data, error } = await cancel({ input: { runId: run.id, mode } });
    if (error) tellFailure(error);
    else if (data?.cancelRun.__typename === 'CancelRunPayload') {
      tellDone(mode === 'SAVE' ? 'Stopping after the checkpoint is saved' : 'Stopping now');
    } else if (data) tellProblem(problemText(readProblem(data.cancelRun)), 'Not stopped');
  }

  // What was asked for kindly may still be asked for firmly.
  const asked = run.cancelRequestedAt !== null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          color="red"
          variant="light"
          loading={fetching}
          leftSection={<Icon name="stop" />}
          data-testid="cancel-menu"
        >
          {asked ? 'Stopping…' : 'Stop'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown maw={300}>
        <Menu.Item disabled={asked} onClick={() => void stop('SAVE')} data-testid="cancel-save">
          <Text size="sm">Stop and save</Text>
          <Text size="xs" c="dimmed">
            Writes a checkpoint, then ends
          </Text>
        </Menu.Item>
        <Menu.Item color="red" onClick={() => void stop('NOW')} data-testid="cancel-now">
          <Text size="sm">Stop now</Text>
          <Text size="xs" c="dimmed">
            Ends at once; steps since the last checkpoint are lost
          </Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
