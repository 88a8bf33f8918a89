import { Button, Stack } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { ActiveRuns } from './ActiveRuns.tsx';
import { Attention } from './Attention.tsx';
import { Checklist } from './Checklist.tsx';
import { Loop } from './Loop.tsx';

const HomePage_Query = graphql(`
  query HomePage_Query {
    overview {
      ...Loop_Overview
      ...Checklist_Overview
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
    completed: runs(filter: { status: [COMPLETED] }, first: 1) {
      totalCount
    }
    failed: runs(filter: { status: [FAILED, TIMEOUT] }, first: 3) {
      edges {
        node {
          id
          ...Attention_Run
        }
      }
    }
    runners {
      id
      ...Attention_Runner
    }
    tunixStatus {
      ...Attention_TunixStatus
    }
  }
`);

const isActive = (run: { status: string }) => run.status === 'RUNNING' || run.status === 'PENDING';

export function HomePage() {
  const { data } = usePageQuery({ query: HomePage_Query });
  if (!data) return <LoadingPage />;
  const active = data.active.edges.map(({ node }) => node);
  return (
    <Page
      title="Home"
      heading="From traces to a better model"
      description="Import traces, build a dataset, train, evaluate, and check that nothing got worse."
      actions={
        <May scope="RUNS_WRITE">
          <Button component={Link} to={paths.newRun()} leftSection={<Icon name="plus" />}>
            New run
          </Button>
        </May>
      }
    >
      <Stack gap="lg">
        <Loop overview={data.overview} />
        {/* A run that ended since the page was read is not active any more. */}
        <ActiveRuns runs={active.filter(isActive)} />
        <Attention
          runs={data.failed.edges.map(({ node }) => node)}
          runners={data.runners}
          tunix={data.tunixStatus}
        />
        <Checklist overview={data.overview} hasCompletedRun={data.completed.totalCount > 0} />
      </Stack>
    </Page>
  );
}
