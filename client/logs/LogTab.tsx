import { Box } from '@mantine/core';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatDate } from '../lib/format.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { LogViewer_Query } from './documents.ts';
import { LogViewer } from './LogViewer.tsx';

/** The log of a run, or why there is none. */
export function LogTab(props: { number: number; attempt: number | undefined }) {
  const { data, error, refetch } = usePartQuery({
    query: LogViewer_Query,
    variables: { number: props.number },
    requestPolicy: 'network-only',
  });
  const run = data?.run;
  return (
    <Section flush testId="log-viewer">
      {error && (
        <Box p="md">
          <ErrorNotice error={error} onRetry={refetch} />
        </Box>
      )}
      {!run && !error && <LoadingRows rows={12} />}
      {run?.log.deletedAt && (
        <EmptyState title="The log is gone">
          It was deleted on {formatDate(run.log.deletedAt)}, as the retention of logs says. Metrics,
          events and the last lines of each attempt are kept.
        </EmptyState>
      )}
      {run && !run.log.deletedAt && (
        <LogViewer
          key={run.id}
          run={run}
          number={props.number}
          attempt={props.attempt}
          onGrown={refetch}
        />
      )}
    </Section>
  );
}
