import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useSubscription } from 'urql';
import { graphql } from '../gql/index.ts';
import { formatBytes, formatCount, formatDuration } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { tellFailure, tellProblem } from '../lib/tell.ts';
import { Meter } from '../ui/Meter.tsx';
import { Notice } from '../ui/Notice.tsx';
import { type Upload, uploads } from './uploads.ts';

const ImportRunning_Changed = graphql(`
  subscription ImportRunning_Changed($key: String!) {
    importProgress(key: $key) {
      id
      status
      lines
      stored
      duplicates
      rejected
      bytes
      totalBytes
      rate
      etaSeconds
      viewerCanCancel
    }
  }
`);

const ImportRunning_Cancel = graphql(`
  mutation ImportRunning_Cancel($input: CancelImportInput!) {
    cancelImport(input: $input) {
      __typename
      ...Problem_Error
    }
  }
`);

/** How far the server is: its own count of what is stored, not what the browser has sent. */
export function ImportRunning(props: { upload: Upload; isLost: boolean; onClose: () => void }) {
  const { key, file } = props.upload;
  const [{ data }] = useSubscription({ query: ImportRunning_Changed, variables: { key } });
  const [{ fetching }, cancelImport] = useMutation(ImportRunning_Cancel);
  const session = data?.importProgress;
  const bytes = Number(session?.bytes ?? 0);
  const total = session?.totalBytes ? Number(session.totalBytes) : undefined;

  async function cancel() {
    // Without a session there is nothing on the server to end.
    if (!session || props.isLost) {
      uploads.stop();
      return;
    }
    const answer = await cancelImport({ input: { id: session.id } });
    if (answer.error) tellFailure(answer.error);
    else if (answer.data && answer.data.cancelImport.__typename !== 'CancelImportPayload') {
      tellProblem(problemText(readProblem(answer.data.cancelImport)), 'Not cancelled');
    }
  }

  return (
    <Stack gap="md" data-testid="import-running">
      <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
        {file.name}
      </Text>
      <Meter percent={total ? (bytes / total) * 100 : 0} label={`Import of ${file.name}`} />
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {session
            ? `${formatCount(session.lines)} lines: ${formatCount(session.stored)} new, ` +
              `${formatCount(session.duplicates)} known, ${formatCount(session.rejected)} refused`
            : 'Starting…'}
        </Text>
        <Text size="xs" c="dimmed">
          {[
            total ? `${formatBytes(bytes)} of ${formatBytes(total)}` : formatBytes(bytes),
            session?.rate && !props.isLost
              ? `${formatCount(Math.round(session.rate))} lines/s`
              : '',
            session?.etaSeconds && !props.isLost
              ? `${formatDuration(session.etaSeconds)} left`
              : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Group>
      {props.isLost && (
        <Notice tone="warn" title="The connection is lost" testId="import-reconnecting">
          Trying again. What is stored stays; only the rest will be sent.
        </Notice>
      )}
      <Group justify="flex-end">
        <Button
          variant="default"
          c="var(--rt-bad)"
          loading={fetching}
          onClick={() => void cancel()}
          data-testid="import-cancel"
        >
          Cancel import
        </Button>
        <Button variant="default" onClick={props.onClose}>
          Go on in the background
        </Button>
      </Group>
    </Stack>
  );
}
