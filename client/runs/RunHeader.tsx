import { Box, Group, Stack, Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatDuration } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago, useNow } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { RunProgress } from './RunProgress.tsx';
import { modeLabel } from './RunRow.tsx';
import { isFinal, RunStatusBadge } from './RunStatusBadge.tsx';

const RunHeader_Run = graphql(`
  fragment RunHeader_Run on Run {
    id
    status
    mode
    modelId
    attempt
    maxAttempts
    error
    pendingReasons
    createdAt
    startedAt
    durationSeconds
    dataset {
      id
      key
    }
    evaluationSet {
      id
      key
    }
    ...RunStatusBadge_Run
    ...RunProgress_Run
  }
`);

function Took(props: { seconds: number | null; startedAt: string | null; running: boolean }) {
  const now = useNow(1_000);
  const seconds =
    props.running && props.startedAt
      ? Math.max(0, (now - Date.parse(props.startedAt)) / 1000)
      : props.seconds;
  return <>{formatDuration(seconds === null ? null : Math.round(seconds * 10) / 10)}</>;
}

export function RunHeader(props: { run: FragmentType<typeof RunHeader_Run> }) {
  const run = read(RunHeader_Run, props.run);
  return (
    <Section testId="run-header">
      <Stack gap="sm">
        <Group gap="lg" wrap="wrap">
          <RunStatusBadge run={run} />
          {run.mode === 'EXTERNAL' ? (
            <Text size="sm" c="dimmed">
              Trained elsewhere; its predictions were imported
            </Text>
          ) : (
            <>
              <Box flex="1 1 200px" maw={420}>
                <RunProgress run={run} />
              </Box>
              <Text size="sm" c="dimmed">
                <Took
                  seconds={run.durationSeconds ?? null}
                  startedAt={run.startedAt ?? null}
                  running={!isFinal(run.status)}
                />
                {run.attempt > 1 && ` · attempt ${run.attempt} of ${run.maxAttempts}`}
              </Text>
            </>
          )}
        </Group>
        <Group gap="md" c="dimmed" fz="sm">
          <span>{modeLabel(run.mode)}</span>
          <Mono>{run.modelId}</Mono>
          {run.dataset && (
            <TextLink to={paths.dataset(run.dataset.key)} mono>
              {run.dataset.key}
            </TextLink>
          )}
          {run.evaluationSet && (
            <span>
              judged on{' '}
              <TextLink to={paths.leaderboard({ set: run.evaluationSet.key })} mono>
                {run.evaluationSet.key}
              </TextLink>
            </span>
          )}
          <span>
            {run.mode === 'EXTERNAL' ? 'imported' : 'created'} <Ago at={run.createdAt} />
          </span>
        </Group>
        {run.status === 'PENDING' && run.pendingReasons.length > 0 && (
          <Notice tone="info" title="Why it is waiting">
            {run.pendingReasons.join('; ')}
          </Notice>
        )}
        {run.error && (
          <Notice tone="bad" title={isFinal(run.status) ? 'Why it ended' : 'Last error'}>
            {run.error}
          </Notice>
        )}
      </Stack>
    </Section>
  );
}
