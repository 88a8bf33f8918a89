import { Button } from '@mantine/core';
import type { DatasetRows_DatasetFragment } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import type { Column } from '../ui/Table.tsx';
import { CheckTag } from './CheckTag.tsx';
import css from './DatasetRows.module.css';
import { groupVersions } from './groupVersions.ts';
import { SplitBar } from './SplitBar.tsx';

const DatasetRows_Dataset = graphql(`
  fragment DatasetRows_Dataset on Dataset {
    id
    key
    name
    version
    itemCount
    createdAt
    ...SplitBar_Dataset
    latestCheck {
      id
      ...CheckTag_DatasetCheck
    }
    runs(first: 1) {
      totalCount
    }
  }
`);

const DatasetRows_Query = graphql(`
  query DatasetRows_Query($filter: DatasetsFilter, $after: String) {
    datasets(filter: $filter, first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...DatasetRows_Dataset
        }
      }
    }
  }
`);

export const DATASET_COLUMNS: readonly Column[] = [
  { name: 'Dataset' },
  { name: 'Items', numeric: true },
  { name: 'Train / eval / test', wide: true },
  { name: 'Check' },
  { name: 'Runs', numeric: true, wide: true },
  { name: 'Built', numeric: true, wide: true },
];

const BUILD = `mutation {
  buildDataset(input: { name: "arithmetic", version: "v1" }) {
    __typename
    ... on BuildDatasetPayload { dataset { key contentHash itemCount } }
    ... on Error { code message }
  }
}`;

function NoDatasets(props: { text: string | undefined }) {
  if (props.text) {
    return (
      <EmptyState title="No dataset has such a name">Change or clear the search above.</EmptyState>
    );
  }
  return (
    <EmptyState
      title="No datasets yet"
      action={
        <May scope="DATASETS_WRITE">
          <Button component={Link} to={paths.newDataset()}>
            Build a dataset
          </Button>
        </May>
      }
      api={BUILD}
    >
      A dataset is an immutable, ordered list of traces with a train / eval / test split. Its
      content hash says whether two of them are the same.
    </EmptyState>
  );
}

function DatasetRow(props: { dataset: DatasetRows_DatasetFragment; isOlder: boolean }) {
  const { dataset, isOlder } = props;
  const runs = dataset.runs.totalCount;
  return (
    <tr data-testid="dataset-row" data-older={isOlder || undefined} className={css.row}>
      <td>
        <TextLink to={paths.dataset(dataset.key)} mono>
          {dataset.key}
        </TextLink>
      </td>
      <td data-numeric>{formatCount(dataset.itemCount)}</td>
      <td data-wide>
        <SplitBar dataset={dataset} compact />
      </td>
      <td>
        <CheckTag check={dataset.latestCheck} />
      </td>
      <td data-numeric data-wide>
        {runs === 0 ? (
          'none'
        ) : (
          <TextLink to={paths.dataset(dataset.key, { tab: 'runs' })}>{formatCount(runs)}</TextLink>
        )}
      </td>
      <td data-numeric data-wide>
        <Ago at={dataset.createdAt} />
      </td>
    </tr>
  );
}

export function DatasetRows(props: { text: string | undefined; grouped: boolean }) {
  const { text, grouped } = props;
  return (
    <PagedRows
      query={DatasetRows_Query}
      variables={{ filter: { text } }}
      pageOf={(data) => data.datasets}
      noun="dataset"
      empty={<NoDatasets text={text} />}
    >
      {(nodes) => {
        const rows = read(DatasetRows_Dataset, nodes);
        const groups = grouped ? groupVersions(rows) : rows.map((row) => [row]);
        return (
          <tbody>
            {groups.flatMap((group) =>
              group.map((dataset, index) => (
                <DatasetRow key={dataset.id} dataset={dataset} isOlder={index > 0} />
              )),
            )}
          </tbody>
        );
      }}
    </PagedRows>
  );
}
