import { Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { Tag } from '../ui/Tag.tsx';

const RunnersPage_Query = graphql(`
  query RunnersPage_Query {
    runners {
      id
      name
      host
      labels
      online
      ready
      message
      version
      heartbeatAt
      startedAt
      devices {
        kind
        platform
      }
      currentRun {
        id
        number
      }
    }
    tunixStatus {
      available
      version
      message
      pythonVersion
    }
    health {
      ok
      version
      parts {
        name
        ok
        message
      }
    }
  }
`);

type Device = { kind: string; platform: string };

/** "2 × NVIDIA H200 (gpu)": equal devices are counted, not repeated. */
export function deviceText(devices: readonly Device[]): string {
  const counts = new Map<string, number>();
  for (const { kind, platform } of devices) {
    const name = `${kind} (${platform})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join(', ');
}

function RunnerState(props: { online: boolean; ready: boolean }) {
  if (!props.online) {
    return (
      <Tag tone="bad" icon="cross">
        Offline
      </Tag>
    );
  }
  return props.ready ? (
    <Tag tone="good" icon="check">
      Ready
    </Tag>
  ) : (
    <Tag tone="warn" icon="clock">
      Not ready
    </Tag>
  );
}

export function RunnersPage() {
  const { data } = usePageQuery({ query: RunnersPage_Query });
  if (!data) return <LoadingPage />;
  const { runners, tunixStatus, health } = data;
  return (
    <Page title="Runners" description="Processes that claim runs from the queue and execute Tunix.">
      {!tunixStatus.available && (
        <Notice tone="warn" title="Tunix is not available">
          {tunixStatus.message}
        </Notice>
      )}
      {runners.length === 0 ? (
        <Section>
          <EmptyState title="No runner is connected">
            Runs stay queued until one is. Start it beside the server, or on a machine with a GPU,
            with the same settings.
          </EmptyState>
        </Section>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          {runners.map((runner) => (
            <Section
              key={runner.id}
              title={runner.name}
              aside={<RunnerState online={runner.online} ready={runner.ready} />}
            >
              <Facts
                of={[
                  ['Host', runner.host],
                  ['Labels', runner.labels.join(', ')],
                  ['Devices', deviceText(runner.devices)],
                  [
                    'Running',
                    runner.currentRun && (
                      <TextLink key="run" to={paths.run(runner.currentRun.number)}>
                        #{runner.currentRun.number}
                      </TextLink>
                    ),
                  ],
                  ['Heartbeat', runner.heartbeatAt && <Ago key="beat" at={runner.heartbeatAt} />],
                  ['Started', <Ago key="started" at={runner.startedAt} />],
                  ['Version', runner.version],
                  ['Says', runner.message],
                ]}
              />
            </Section>
          ))}
        </SimpleGrid>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title="Tunix">
          <Facts
            of={[
              ['State', tunixStatus.available ? 'available' : 'not available'],
              ['Version', tunixStatus.version],
              ['Python', tunixStatus.pythonVersion],
              ['Says', tunixStatus.message],
            ]}
          />
        </Section>
        <Section title={`Server ${health.version}`}>
          <Stack gap={8}>
            {health.parts.map((part) => (
              <Group key={part.name} gap="sm" wrap="nowrap">
                <Tag tone={part.ok ? 'good' : 'bad'} icon={part.ok ? 'check' : 'cross'}>
                  {part.name}
                </Tag>
                <Text size="sm" c="dimmed">
                  {part.message}
                </Text>
              </Group>
            ))}
          </Stack>
        </Section>
      </SimpleGrid>
    </Page>
  );
}
