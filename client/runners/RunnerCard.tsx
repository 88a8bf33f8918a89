import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import type { RunnerCard_RunnerFragment } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatBytes, plural } from '../lib/format.ts';
import { problemText, readProblem } from '../lib/problem.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { tellFailure, tellProblem } from '../lib/tell.ts';
import { paths } from '../paths.ts';
import { RunProgress } from '../runs/RunProgress.tsx';
import { Ago, useNow } from '../ui/Ago.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Meter } from '../ui/Meter.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './RunnerCard.module.css';
import { deviceText, heartbeatWords, memoryUse } from './runnerWords.ts';

export const RunnerCard_Runner = graphql(`
  fragment RunnerCard_Runner on Runner {
    id
    name
    host
    labels
    online
    ready
    message
    version
    serverVersion
    slots
    draining
    drainingAt
    cpus
    memoryBytes
    memoryFreeBytes
    diskFreeBytes
    heartbeatAt
    heartbeatAgeSeconds
    startedAt
    viewerCanDrain
    devices {
      kind
      platform
      memoryBytes
    }
    currentRuns {
      id
      number
      name
      ...RunProgress_Run
    }
    recentRuns {
      id
      number
    }
  }
`);

const RunnerCard_Drain = graphql(`
  mutation RunnerCard_Drain($input: DrainRunnerInput!) {
    drainRunner(input: $input) {
      __typename
      ... on DrainRunnerPayload {
        runner {
          ...RunnerCard_Runner
        }
      }
      ...Problem_Error
    }
  }
`);

type Runner = RunnerCard_RunnerFragment;

function State(props: { runner: Runner }) {
  const { online, ready, draining } = props.runner;
  if (!online) {
    return (
      <Tag tone="bad" icon="cross" testId="runner-state">
        Lost
      </Tag>
    );
  }
  if (draining) {
    return (
      <Tag tone="warn" icon="stop" testId="runner-state">
        Draining
      </Tag>
    );
  }
  return (
    <Tag tone={ready ? 'good' : 'warn'} icon={ready ? 'check' : 'clock'} testId="runner-state">
      {ready ? 'Ready' : 'Not ready'}
    </Tag>
  );
}

function Heartbeat(props: { runner: Runner }) {
  const { runner } = props;
  const now = useNow(5_000);
  // Only how long ago this answer came is measured here: clocks of server and browser differ.
  const [read, setRead] = useState({ runner, at: Date.now() });
  if (read.runner.heartbeatAt !== runner.heartbeatAt || read.runner.online !== runner.online) {
    setRead({ runner, at: Date.now() });
  }
  return <>{heartbeatWords(runner, Math.max(0, now - read.at) / 1000)}</>;
}

/** Lets a runner finish what it has and take no more, or takes that back. */
function Drain(props: { runner: Runner }) {
  const { runner } = props;
  const [{ fetching }, drain] = useMutation(RunnerCard_Drain);
  if (!runner.viewerCanDrain) return null;
  const { id, draining } = runner;
  async function change() {
    const { data, error } = await drain({ input: { runnerId: id, drain: !draining } });
    if (error) tellFailure(error);
    else if (data && data.drainRunner.__typename !== 'DrainRunnerPayload') {
      tellProblem(problemText(readProblem(data.drainRunner)), 'Not changed');
    }
  }
  return (
    <div className={css.drain}>
      <Button
        size="compact-sm"
        variant="default"
        loading={fetching}
        onClick={() => void change()}
        data-testid="drain"
      >
        {draining ? 'Take runs again' : 'Drain'}
      </Button>
      <Text size="xs" c="dimmed">
        {draining
          ? `It takes no more runs; ${runner.currentRuns.length > 0 ? 'it finishes what it has.' : 'nothing is left on it, so it may be stopped.'}`
          : 'Lets it finish what it has and take no more, before it is stopped or updated.'}
      </Text>
    </div>
  );
}

function CurrentRuns(props: { runner: Runner }) {
  const { currentRuns, slots, online } = props.runner;
  return (
    <div>
      <div className={css.slots}>
        <span>
          {currentRuns.length} of {plural(slots, 'slot')} in use
        </span>
        {!online && currentRuns.length > 0 && <span>another runner takes over</span>}
      </div>
      {currentRuns.map((run) => (
        <div key={run.id} className={css.run} data-testid="current-run">
          <TextLink to={paths.run(run.number)}>
            #{run.number}
            {run.name ? ` ${run.name}` : ''}
          </TextLink>
          <RunProgress run={run} />
        </div>
      ))}
    </div>
  );
}

/** One runner: what it is, what it has, and how it is. */
export function RunnerCard(props: { runner: FragmentType<typeof RunnerCard_Runner> }) {
  const runner = read(RunnerCard_Runner, props.runner);
  const memory = memoryUse(runner);
  const recent = runner.recentRuns.filter(
    ({ id }) => !runner.currentRuns.some((current) => current.id === id),
  );
  return (
    <Section title={runner.name} aside={<State runner={runner} />} testId="runner-card">
      <Stack gap="md">
        <CurrentRuns runner={runner} />
        <Facts
          of={[
            ['Labels', runner.labels.join(', ')],
            ['Devices', deviceText(runner.devices)],
            [
              'Memory',
              memory && (
                <div key="memory" className={css.memory}>
                  <Meter percent={memory.percent} label={`Memory of ${runner.name}`} />
                  {memory.words}
                </div>
              ),
            ],
            ['Disk', runner.diskFreeBytes !== null && `${formatBytes(runner.diskFreeBytes)} free`],
            ['Processors', runner.cpus],
            ['Heartbeat', <Heartbeat key="beat" runner={runner} />],
            ['Started', <Ago key="started" at={runner.startedAt} />],
            ['Host', runner.host],
            [
              'Versions',
              [
                runner.serverVersion && `Tunix RT ${runner.serverVersion}`,
                runner.version && `Tunix ${runner.version}`,
              ]
                .filter(Boolean)
                .join(', '),
            ],
            ['Draining', runner.drainingAt && <Ago key="draining" at={runner.drainingAt} />],
            ['Says', runner.message],
            [
              'Had before',
              recent.length > 0 && (
                <span key="recent" className={css.recent}>
                  {recent.map(({ id, number }) => (
                    <TextLink key={id} to={paths.run(number)}>
                      #{number}
                    </TextLink>
                  ))}
                </span>
              ),
            ],
          ]}
        />
        <Drain runner={runner} />
      </Stack>
    </Section>
  );
}
