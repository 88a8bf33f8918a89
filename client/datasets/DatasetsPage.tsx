import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatCount, plural, shortHash } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';

const DatasetsPage_Query = graphql(`
  query DatasetsPage_Query($after: String) {
    datasets(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          key
          contentHash
          itemCount
          trainCount
          evalCount
          testCount
          createdAt
          runs(first: 1) {
            totalCount
          }
        }
      }
    }
  }
`);

const BUILD = `mutation {
  buildDataset(input: { name: "arithmetic", version: "v1" }) {
    __typename
    ... on BuildDatasetPayload { dataset { key contentHash itemCount } }
    ... on Error { code message }
  }
}`;

function DatasetRows(props: { after: string | null; pages: number; onMore: () => void }) {
  const { after, pages, onMore } = props;
  const { data, loading } = usePageQuery({ query: DatasetsPage_Query, variables: { after } });
  if (!data) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  const { edges, pageInfo, totalCount } = data.datasets;
  if (!after && edges.length === 0) {
    return (
      <TableNote>
        <EmptyState
          title="No datasets yet"
          action={
            <Button component={Link} to={paths.newDataset()}>
              Build a dataset
            </Button>
          }
          api={BUILD}
        >
          A dataset is an immutable, ordered list of traces with a train / eval / test split. Its
          content hash says whether two of them are the same.
        </EmptyState>
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {edges.map(({ node }) => (
          <tr key={node.id} data-testid="dataset-row">
            <td data-keep>
              <TextLink to={paths.dataset(node.key)} mono>
                {node.key}
              </TextLink>
            </td>
            <td data-numeric>{formatCount(node.itemCount)}</td>
            <td data-numeric data-wide>
              {formatCount(node.trainCount)} / {formatCount(node.evalCount)} /{' '}
              {formatCount(node.testCount)}
            </td>
            <td data-numeric>
              {node.runs.totalCount === 0 ? 'none' : formatCount(node.runs.totalCount)}
            </td>
            <td data-wide>
              <Mono title={node.contentHash}>{shortHash(node.contentHash)}</Mono>
            </td>
            <td data-numeric>
              <Ago at={node.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={pageInfo}
        pages={pages}
        total={plural(totalCount, 'dataset')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <DatasetRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

export function DatasetsPage() {
  const { pages, more } = usePages('');
  return (
    <Page
      title="Datasets"
      description="Immutable, content-hashed versions built from traces."
      actions={
        <Button component={Link} to={paths.newDataset()} leftSection={<Icon name="plus" />}>
          Build a dataset
        </Button>
      }
    >
      <Section flush>
        <Table
          caption="Datasets"
          testId="datasets-table"
          columns={[
            { name: 'Key' },
            { name: 'Items', numeric: true },
            { name: 'Train / eval / test', numeric: true, wide: true },
            { name: 'Runs', numeric: true },
            { name: 'Content', wide: true },
            { name: 'Built', numeric: true },
          ]}
        >
          <DatasetRows after={null} pages={pages} onMore={more} />
        </Table>
      </Section>
    </Page>
  );
}
