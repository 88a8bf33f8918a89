import { Button, Group, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useMutation } from 'urql';
import type { QueueSection_QueueFragment } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import { PriorityEdit } from './PriorityEdit.tsx';
import css from './QueueSection.module.css';
import { queueName } from './runnerWords.ts';

const PauseQueueDialog = lazy(async () => ({
  default: (await import('./PauseQueueDialog.tsx')).PauseQueueDialog,
}));

const QueueSection_Queue = graphql(`
  fragment QueueSection_Queue on Queue {
    key
    labels
    paused
    viewerCanPause
    viewerCanResume
    pausedAt
    pausedReason
    pendingCount
    runningCount
    runners {
      id
      name
    }
    runs {
      id
      number
      name
      priority
      queuedAt
      viewerCanSetPriority
      pendingReasons {
        code
        message
      }
      dataset {
        id
        key
      }
    }
  }
`);

const QueueSection_Resume = graphql(`
  mutation QueueSection_Resume($input: ResumeQueueInput!) {
    resumeQueue(input: $input) {
      __typename
      ... on ResumeQueuePayload {
        queue {
          key
        }
      }
      ...Problem_Error
    }
  }
`);

type Queue = QueueSection_QueueFragment;

function PauseButton(props: { queue: Queue; onChanged: () => void }) {
  const { queue, onChanged } = props;
  const [isAsking, setAsking] = useState(false);
  const [{ fetching }, resume] = useMutation(QueueSection_Resume);
  async function goOn() {
    const { data, error } = await resume({ input: { labels: queue.labels } });
    if (error) tellFailure(error);
    else if (data && data.resumeQueue.__typename !== 'ResumeQueuePayload') {
      tellProblem(problemText(readProblem(data.resumeQueue)), 'Not resumed');
    }
    onChanged();
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={fetching}
        onClick={() => (queue.paused ? void goOn() : setAsking(true))}
        data-testid="pause-queue"
      >
        {queue.paused ? 'Resume' : 'Pause…'}
      </Button>
      <Suspense>
        {isAsking && (
          <PauseQueueDialog
            labels={queue.labels}
            onPaused={onChanged}
            onClose={() => setAsking(false)}
          />
        )}
      </Suspense>
    </>
  );
}

/** One queue: whether it goes on, who works on it, and what waits in the order it will be taken. */
export function QueueSection(props: {
  queue: FragmentType<typeof QueueSection_Queue>;
  onChanged: () => void;
}) {
  const queue = read(QueueSection_Queue, props.queue);
  const more = queue.pendingCount - queue.runs.length;
  return (
    <Section
      title={`Queue: ${queueName(queue.labels)}`}
      flush
      testId="queue"
      aside={
        <Group gap="xs">
          <Tag
            tone={queue.paused ? 'warn' : queue.runners.length > 0 ? 'good' : 'bad'}
            icon={queue.paused ? 'stop' : queue.runners.length > 0 ? 'check' : 'cross'}
            testId="queue-state"
          >
            {queue.paused ? 'Paused' : queue.runners.length > 0 ? 'Open' : 'No runner'}
          </Tag>
          {(queue.viewerCanPause || queue.viewerCanResume) && (
            <PauseButton queue={queue} onChanged={props.onChanged} />
          )}
        </Group>
      }
    >
      <div className={css.facts}>
        <span>{formatCount(queue.pendingCount)} waiting</span>
        <span>{formatCount(queue.runningCount)} running</span>
        <span>
          {queue.runners.length > 0
            ? `worked on by ${queue.runners.map(({ name }) => name).join(', ')}`
            : 'no runner that is online offers its labels'}
        </span>
      </div>
      {queue.paused && (
        <div className={css.notice}>
          <Notice tone="warn" title={queue.pausedReason ?? 'Paused without a reason'}>
            {queue.pausedAt && (
              <>
                Paused <Ago at={queue.pausedAt} />. Runs that wait stay; those that train go on.
              </>
            )}
          </Notice>
        </div>
      )}
      {queue.runs.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          Nothing waits.
        </Text>
      ) : (
        <ol className={css.runs}>
          {queue.runs.map((run, index) => (
            <li key={run.id} className={css.run} data-testid="queued-run">
              <span className={css.place}>{index + 1}</span>
              <div className={css.what}>
                <TextLink to={paths.run(run.number)}>
                  #{run.number}
                  {run.name ? ` ${run.name}` : ''}
                </TextLink>
                {run.dataset && <span className={css.data}>{run.dataset.key}</span>}
              </div>
              <div className={css.why}>
                <Ticked text={run.pendingReasons.map(({ message }) => message).join(' ')} />
              </div>
              <PriorityEdit run={run} onChanged={props.onChanged} />
              <span className={css.age}>
                <Ago at={run.queuedAt} />
              </span>
            </li>
          ))}
        </ol>
      )}
      {more > 0 && (
        <Text size="sm" c="dimmed" p="md">
          {plural(more, 'more run')} behind these:{' '}
          <TextLink to={paths.runs({ status: 'PENDING', sort: 'priority' })}>show them</TextLink>
        </Text>
      )}
    </Section>
  );
}
