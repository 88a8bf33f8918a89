import { Button, SimpleGrid } from '@mantine/core';
import { graphql, read } from '../gql/index.ts';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { useMay } from '../lib/viewer.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { ConnectPanel } from './ConnectPanel.tsx';
import { QueueSection } from './QueueSection.tsx';
import { RunnerCard, RunnerCard_Runner } from './RunnerCard.tsx';
import { SystemState } from './SystemState.tsx';
import { useRunnersLive } from './useRunnersLive.ts';

const RunnersPage_Query = graphql(`
  query RunnersPage_Query {
    runners {
      id
      ...RunnerCard_Runner
    }
    queues {
      key
      ...QueueSection_Queue
    }
    tunixStatus {
      available
      message
    }
    ...SystemState_Query
  }
`);

/** Who executes runs, and what waits for whom. */
export function RunnersPage() {
  const mayConnect = useMay('RUNNERS_WRITE');
  const [url, setUrl] = useUrlState('connect');
  const { data, refetch } = usePageQuery({ query: RunnersPage_Query });
  useRunnersLive(refetch);
  if (!data) return <LoadingPage />;
  const runners = read(RunnerCard_Runner, data.runners);
  // Those that are there first; within them by name, so that a card stays where it is.
  const order = (index: number) => {
    const runner = runners[index];
    return `${runner?.online ? 0 : 1} ${runner?.name} ${runner?.id}`;
  };
  const cards = data.runners
    .map((runner, index) => ({ runner, place: order(index) }))
    .toSorted((a, b) => a.place.localeCompare(b.place));
  const online = runners.filter((runner) => runner.online);
  const connect = () => setUrl({ connect: 'open' });
  return (
    <Page
      source={RunnersPage_Query}
      title="Runners and queue"
      description="Processes that take runs from the queue and execute Tunix, and what waits for them."
      actions={
        mayConnect &&
        !url.connect && (
          <Button leftSection={<Icon name="plus" />} onClick={connect} data-testid="connect">
            Connect a runner
          </Button>
        )
      }
    >
      {!data.tunixStatus.available && online.length > 0 && (
        <Notice tone="warn" title="Tunix is not available">
          {data.tunixStatus.message}
        </Notice>
      )}
      {url.connect && mayConnect && (
        <ConnectPanel online={online} onClose={() => setUrl({ connect: undefined })} />
      )}
      {cards.length === 0 ? (
        <Section>
          <EmptyState
            title="No runner is connected"
            action={
              mayConnect && !url.connect && <Button onClick={connect}>Connect a runner</Button>
            }
          >
            Runs stay queued until one is. Start it beside the server, or on a machine with a GPU.
          </EmptyState>
        </Section>
      ) : (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          {cards.map(({ runner }) => (
            <RunnerCard key={runner.id} runner={runner} />
          ))}
        </SimpleGrid>
      )}
      {data.queues.map((queue) => (
        <QueueSection key={queue.key} queue={queue} onChanged={refetch} />
      ))}
      <SystemState state={data} />
    </Page>
  );
}
