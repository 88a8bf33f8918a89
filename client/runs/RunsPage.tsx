import { Button, Group, Select, TextInput } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import type { RunFilter, RunStatus } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import { newestRun } from './newestRun.ts';
import { RUN_COLUMNS, RunRow } from './RunRow.tsx';
import { statusLabel } from './RunStatusBadge.tsx';

const RunsPage_Query = graphql(`
  query RunsPage_Query($filter: RunFilter, $after: String) {
    runs(filter: $filter, first: 25, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          number
          ...RunRow_Run
        }
      }
    }
  }
`);

const STATUSES: readonly RunStatus[] = [
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'TIMEOUT',
  'CANCELLED',
];

const START = `mutation {
  createRun(input: { datasetKey: "arithmetic-v1", modelId: "tiny", mode: LOCAL }) {
    __typename
    ... on CreateRunPayload { run { number status } }
    ... on Error { code message }
  }
}`;

function RunRows(props: {
  filter: RunFilter;
  after: string | null;
  pages: number;
  onMore: () => void;
}) {
  const { filter, after, pages, onMore } = props;
  const { data, loading, refetch } = usePageQuery({
    query: RunsPage_Query,
    variables: { filter, after },
  });
  const newest = useSyncExternalStore(newestRun.subscribe, newestRun.get);
  if (!data) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  const { edges, pageInfo, totalCount } = data.runs;
  const filtered = Object.values(filter).some((value) => value !== undefined);
  if (!after && edges.length === 0) {
    return (
      <TableNote>
        {filtered ? (
          <EmptyState title="No run matches">Change or clear the filters above.</EmptyState>
        ) : (
          <EmptyState
            title="No runs yet"
            action={
              <Button component={Link} to={paths.newRun()}>
                New run
              </Button>
            }
            api={START}
          >
            A run trains one model on one dataset with Google Tunix, and keeps its log, metrics,
            artifacts and predictions.
          </EmptyState>
        )}
      </TableNote>
    );
  }
  const isOld = !after && !filtered && newest > (edges[0]?.node.number ?? 0);
  return (
    <>
      {isOld && (
        <TableNote>
          <Group justify="center" p={6}>
            <Button size="compact-sm" variant="light" loading={loading} onClick={refetch}>
              Show new runs
            </Button>
          </Group>
        </TableNote>
      )}
      <tbody>
        {edges.map(({ node }) => (
          <RunRow key={node.id} run={node} />
        ))}
      </tbody>
      <NextRows
        pageInfo={pageInfo}
        pages={pages}
        total={plural(totalCount, 'run')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <RunRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

export function RunsPage() {
  const [url, setUrl] = useUrlState('status', 'dataset');
  const status = oneOf(STATUSES, url.status);
  const dataset = useTextFilter(url.dataset, (text) => setUrl({ dataset: text }));
  const filter: RunFilter = { status: status && [status], datasetKey: url.dataset };
  const { pages, more } = usePages(JSON.stringify(filter));
  return (
    <Page
      title="Runs"
      description="Training runs, newest first. States and progress are live."
      actions={
        <Button component={Link} to={paths.newRun()} leftSection={<Icon name="plus" />}>
          New run
        </Button>
      }
    >
      <Group gap="sm">
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          w={170}
          data={STATUSES.map((value) => ({ value, label: statusLabel(value) }))}
          value={status ?? null}
          onChange={(value) => setUrl({ status: value })}
        />
        <TextInput aria-label="Dataset key" placeholder="Dataset key" w={220} {...dataset} />
      </Group>
      <Section flush>
        <Table caption="Runs" columns={RUN_COLUMNS} testId="runs-table">
          <RunRows filter={filter} after={null} pages={pages} onMore={more} />
        </Table>
      </Section>
    </Page>
  );
}
