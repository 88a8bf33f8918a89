import '@mantine/core/styles/Drawer.css';
import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatCount } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { StepCards } from '../traces/StepCards.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Passage } from '../ui/Passage.tsx';

const TraceDrawer_Query = graphql(`
  query TraceDrawer_Query($id: ID!) {
    trace(id: $id) {
      id
      prompt
      finalAnswer
      stepCount
      totalChars
      source
      tags
      ...StepCards_Trace
    }
  }
`);

/** One trace beside the list it stands in. `actions` are what that list can do with it. */
export function TraceDrawer(props: {
  id: string | undefined;
  onClose: () => void;
  actions?: ReactNode;
}) {
  return (
    <Drawer
      opened={props.id !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title="Trace"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.id !== undefined && <TraceContent id={props.id} actions={props.actions} />}
    </Drawer>
  );
}

function TraceContent(props: { id: string; actions?: ReactNode }) {
  const { data, error, loading, refetch } = usePartQuery({
    query: TraceDrawer_Query,
    variables: { id: props.id },
  });
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  const trace = data?.trace;
  if (!trace) return loading ? <LoadingRows /> : <Text size="sm">There is no such trace.</Text>;
  return (
    <Stack gap="md" data-testid="trace-drawer">
      <Group gap="xs">
        <Button component={Link} to={paths.trace(trace.id)} size="compact-sm" variant="default">
          Open its page
        </Button>
        {props.actions}
      </Group>
      <Passage title="Prompt" text={trace.prompt} />
      <StepCards trace={trace} />
      <Passage title="Final answer" text={trace.finalAnswer} />
      <Facts
        of={[
          ['Source', trace.source],
          ['Tags', trace.tags.join(', ')],
          ['Steps', formatCount(trace.stepCount)],
          ['Characters', formatCount(trace.totalChars)],
        ]}
      />
    </Stack>
  );
}
