import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';

const RunsTab_Query = graphql(`
  query RunsTab_Query($key: String!, $after: String) {
    dataset(key: $key) {
      id
      runs(first: 25, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            number
            name
            modelId
            createdAt
            ...RunStatusBadge_Run
          }
        }
      }
    }
  }
`);

function RunRows(props: {
  datasetKey: string;
  after: string | null;
  pages: number;
  onMore: () => void;
}) {
  const { datasetKey, after, pages, onMore } = props;
  const { data, loading } = usePageQuery({
    query: RunsTab_Query,
    variables: { key: datasetKey, after },
  });
  const runs = data?.dataset?.runs;
  if (!runs) {
    return (
      <TableNote>
        <LoadingRows rows={3} />
      </TableNote>
    );
  }
  if (runs.totalCount === 0) {
    return (
      <TableNote>
        <EmptyState
          title="Never trained on"
          action={
            <Button component={Link} to={paths.newRun({ dataset: datasetKey })}>
              Train on this
            </Button>
          }
        >
          Each run on this version will be listed here, with its state.
        </EmptyState>
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {runs.edges.map(({ node }) => (
          <tr key={node.id} data-testid="used-by-run">
            <td>
              <TextLink to={paths.run(node.number)}>
                #{node.number}
                {node.name ? ` ${node.name}` : ''}
              </TextLink>
            </td>
            <td>
              <RunStatusBadge run={node} />
            </td>
            <td data-wide>{node.modelId}</td>
            <td data-numeric>
              <Ago at={node.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={runs.pageInfo}
        pages={pages}
        total={plural(runs.totalCount, 'run')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <RunRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

export function RunsTab(props: { datasetKey: string }) {
  const { pages, more } = usePages(props.datasetKey);
  return (
    <Section flush>
      <Table
        caption="Runs on this dataset"
        columns={[
          { name: 'Run' },
          { name: 'Status' },
          { name: 'Model', wide: true },
          { name: 'Queued', numeric: true },
        ]}
      >
        <RunRows datasetKey={props.datasetKey} after={null} pages={pages} onMore={more} />
      </Table>
    </Section>
  );
}
