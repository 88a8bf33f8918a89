import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatDuration } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { useLive } from '../shell/LivePill.tsx';
import { Ago, useNow } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { Tag } from '../ui/Tag.tsx';
import { modeLabel } from './modes.ts';
import css from './RunHeader.module.css';
import { RunProgress } from './RunProgress.tsx';
import { isFinal, RunStatusBadge } from './RunStatusBadge.tsx';

const RunHeader_Run = graphql(`
  fragment RunHeader_Run on Run {
    id
    status
    mode
    modelId
    createdAt
    startedAt
    durationSeconds
    archivedAt
    progress {
      tokensPerSecond
    }
    parent {
      id
      number
    }
    parentKind
    resumeStep
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

const PARENT_WORDS = { RETRY: 'retry of', RESUME: 'goes on from', CLONE: 'clone of' } as const;

function Took(props: { seconds: number | null; startedAt: string | null; running: boolean }) {
  const now = useNow(1_000);
  const seconds =
    props.running && props.startedAt
      ? Math.max(0, (now - Date.parse(props.startedAt)) / 1000)
      : props.seconds;
  return <>{formatDuration(seconds === null ? null : Math.round(seconds * 10) / 10)}</>;
}

/** Where the run stands and what can be done with it; stays in sight. Then what it is made of. */
export function RunHeader(props: {
  run: FragmentType<typeof RunHeader_Run>;
  picker: ReactNode;
  actions: ReactNode;
}) {
  const run = read(RunHeader_Run, props.run);
  const connection = useLive();
  const isOver = isFinal(run.status);
  const speed = run.progress?.tokensPerSecond;
  return (
    <>
      <div
        className={css.sticky}
        data-testid="run-header"
        data-stale={(!isOver && connection.kind !== 'live') || undefined}
      >
        <RunStatusBadge run={run} />
        {run.archivedAt && <Tag tone="idle">Archived</Tag>}
        {run.mode === 'EXTERNAL' ? (
          <Text size="sm" c="dimmed">
            Trained elsewhere; its predictions were imported
          </Text>
        ) : (
          <>
            {run.status !== 'PENDING' && (
              <div className={css.progress}>
                <RunProgress run={run} />
              </div>
            )}
            <span className={css.numbers}>
              {run.startedAt && (
                <Took
                  seconds={run.durationSeconds ?? null}
                  startedAt={run.startedAt}
                  running={!isOver}
                />
              )}
              {typeof speed === 'number' && ` · ${formatCount(Math.round(speed))} tokens/s`}
            </span>
          </>
        )}
        <div className={css.actions}>
          {props.picker}
          {props.actions}
        </div>
      </div>
      <div className={css.facts}>
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
        {run.parent && run.parentKind && (
          <span>
            {PARENT_WORDS[run.parentKind]}{' '}
            <TextLink to={paths.run(run.parent.number)}>#{run.parent.number}</TextLink>
            {typeof run.resumeStep === 'number' && `, step ${formatCount(run.resumeStep)}`}
          </span>
        )}
        <span>
          {run.mode === 'EXTERNAL' ? 'imported' : 'created'} <Ago at={run.createdAt} />
        </span>
      </div>
    </>
  );
}
