import { graphql } from '../gql/index.ts';
import { ButtonLink } from '../lib/ButtonLink.tsx';
import { May } from '../lib/May.tsx';
import { useLoopChanged } from '../lib/useLoopChanged.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { useRunnersLive } from '../runners/useRunnersLive.ts';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { ActiveRuns } from './ActiveRuns.tsx';
import { Attention } from './Attention.tsx';
import { Checklist } from './Checklist.tsx';
import css from './HomePage.module.css';
import { Loop } from './Loop.tsx';

const HomePage_Query = graphql(`
  query HomePage_Query {
    overview {
      traceCount
      datasetCount
      runCount
      evaluationCount
      baselineCount
      checkCount
      followedFromNotebook
      ...Loop_Overview
      ...Attention_Overview
    }
    active: runs(filter: { status: [RUNNING, PENDING] }, first: 10) {
      edges {
        node {
          id
          status
          ...ActiveRuns_Run
        }
      }
    }
    newest: runs(first: 1) {
      edges {
        node {
          id
          number
          startedAt
        }
      }
    }
    runners {
      id
      name
      online
      labels
      devices {
        kind
      }
      ...Attention_Runner
    }
    tunixStatus {
      ...Attention_TunixStatus
    }
  }
`);

const isActive = (run: { status: string }) => run.status === 'RUNNING' || run.status === 'PENDING';

/** The GPU of the first runner that has one and is there. */
function gpuOf(
  runners: readonly {
    name: string;
    online: boolean;
    labels: string[];
    devices: { kind: string }[];
  }[],
): string | undefined {
  const found = runners.find(({ online, labels }) => online && labels.includes('gpu'));
  return found && [found.name, found.devices[0]?.kind].filter(Boolean).join(', ');
}

export function HomePage() {
  const { data, refetch } = usePageQuery({ query: HomePage_Query });
  const readAgain = useLoopChanged(refetch);
  useRunnersLive(readAgain);
  if (!data) return <LoadingPage />;
  const active = data.active.edges.map(({ node }) => node);
  const newest = data.newest.edges[0]?.node;
  const gpu = gpuOf(data.runners);
  return (
    <Page
      source={HomePage_Query}
      title="Home"
      heading="From traces to a better model"
      description="Import traces, build a dataset, train, evaluate, and check that nothing got worse."
      actions={
        <May scope="RUNS_WRITE">
          <ButtonLink to={paths.newRun()} icon="plus">
            New run
          </ButtonLink>
        </May>
      }
    >
      <div className={css.panels}>
        <Loop overview={data.overview} />
        {/* A run that ended since the page was read is not active any more. */}
        <ActiveRuns runs={active.filter(isActive)} />
        <Attention overview={data.overview} runners={data.runners} tunix={data.tunixStatus} />
        <Checklist
          state={{
            ...data.overview,
            hasStarted: Boolean(newest?.startedAt) || data.overview.evaluationCount > 0,
            newestRun: newest?.number,
            gpu,
          }}
        />
      </div>
    </Page>
  );
}
