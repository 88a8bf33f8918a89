import { SimpleGrid, Stack } from '@mantine/core';
import { EvaluationSummary } from '../evaluations/EvaluationSummary.tsx';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatDate, formatDuration } from '../lib/format.ts';
import { Ago } from '../ui/Ago.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';
import { Table, TableNote } from '../ui/Table.tsx';
import { FailurePanel } from './FailurePanel.tsx';
import { LastLines } from './LastLines.tsx';
import { StallNotice } from './StallNotice.tsx';
import { WaitingPanel } from './WaitingPanel.tsx';
import { WarningList } from './WarningList.tsx';

const OverviewTab_Run = graphql(`
  fragment OverviewTab_Run on Run {
    id
    number
    mode
    priority
    requiredLabels
    retryOnFailure
    maxAttempts
    timeoutSeconds
    createdAt
    queuedAt
    startedAt
    finishedAt
    exitCode
    exitSignal
    createdBy
    logTail
    warnings {
      ...WarningList_RunWarning
    }
    attempts {
      attempt
      status
      startedAt
      endedAt
      exitCode
      exitSignal
      reason
      runner {
        id
        name
      }
    }
    evaluations {
      id
      ...EvaluationSummary_Evaluation
    }
    ...WaitingPanel_Run
    ...StallNotice_Run
    ...FailurePanel_Run
  }
`);

const when = (iso: string | null | undefined) => iso && formatDate(iso);

export function OverviewTab(props: { run: FragmentType<typeof OverviewTab_Run> }) {
  const run = read(OverviewTab_Run, props.run);
  const isExternal = run.mode === 'EXTERNAL';
  return (
    <Stack gap="lg">
      <WaitingPanel run={run} />
      <StallNotice run={run} />
      <FailurePanel run={run} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Times">
          <Facts
            of={
              isExternal
                ? [
                    ['Imported', when(run.createdAt)],
                    ['By', run.createdBy],
                  ]
                : [
                    ['Created', when(run.createdAt)],
                    ['By', run.createdBy],
                    ['Queued', when(run.queuedAt)],
                    ['Started', when(run.startedAt)],
                    ['Finished', when(run.finishedAt)],
                    ['Time limit', formatDuration(run.timeoutSeconds)],
                    ['Priority', run.priority],
                    ['Needs labels', run.requiredLabels.join(', ')],
                    [
                      'Attempts',
                      `at most ${run.maxAttempts}${run.retryOnFailure ? ', also after a failure' : ''}`,
                    ],
                    ['Exit code', run.exitCode],
                    ['Ended by signal', run.exitSignal],
                  ]
            }
          />
        </Section>
        <Section title="Evaluations">
          {run.evaluations.length === 0
            ? 'Not evaluated yet. A completed run is scored on its held-out items.'
            : run.evaluations.map((evaluation) => (
                <EvaluationSummary key={evaluation.id} evaluation={evaluation} />
              ))}
        </Section>
      </SimpleGrid>
      {run.warnings.length > 0 && (
        <Section title="Warnings at the start">
          <WarningList warnings={run.warnings} />
        </Section>
      )}
      {!isExternal && (
        <Section title="Attempts" flush>
          <Table
            caption="Attempts"
            columns={[
              { name: 'Attempt' },
              { name: 'State' },
              { name: 'Runner' },
              { name: 'Started' },
              { name: 'Ended', wide: true },
              { name: 'Exit', wide: true },
              { name: 'Reason', wide: true },
            ]}
          >
            {run.attempts.length === 0 && (
              <TableNote>
                <div style={{ padding: 16 }}>No runner took it.</div>
              </TableNote>
            )}
            <tbody>
              {run.attempts.map((attempt) => (
                <tr key={attempt.attempt}>
                  <td>{attempt.attempt}</td>
                  <td>{attempt.status.toLowerCase()}</td>
                  <td>{attempt.runner.name}</td>
                  <td>
                    <Ago at={attempt.startedAt} />
                  </td>
                  <td data-wide>{attempt.endedAt ? <Ago at={attempt.endedAt} /> : '–'}</td>
                  <td data-wide>{attempt.exitSignal ?? attempt.exitCode ?? '–'}</td>
                  <td data-wide>{attempt.reason ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Section>
      )}
      {run.logTail && <LastLines text={run.logTail} number={run.number} />}
    </Stack>
  );
}
