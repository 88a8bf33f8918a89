import { SegmentedControl } from '@mantine/core';
import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { oneOf, useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { Clip, NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';

const DatasetItems_Query = graphql(`
  query DatasetItems_Query($key: String!, $split: Split, $after: String) {
    dataset(key: $key) {
      id
      items(split: $split, first: 25, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            position
            split
            trace {
              id
              promptPreview
              answerPreview
              stepCount
            }
          }
        }
      }
    }
  }
`);

const SPLITS: readonly Split[] = ['TRAIN', 'EVAL', 'TEST'];

type RowsProps = {
  datasetKey: string;
  split: Split | undefined;
  after: string | null;
  pages: number;
  onMore: () => void;
};

function ItemRows(props: RowsProps) {
  const { datasetKey, split, after, pages, onMore } = props;
  const { data, loading } = usePageQuery({
    query: DatasetItems_Query,
    variables: { key: datasetKey, split, after },
  });
  const items = data?.dataset?.items;
  if (!items) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {items.edges.map(({ node }) => (
          <tr key={node.position} data-testid="dataset-item">
            <td data-numeric>{formatCount(node.position)}</td>
            <td>
              <Clip title={node.trace.promptPreview}>
                <TextLink to={paths.trace(node.trace.id)}>{node.trace.promptPreview}</TextLink>
              </Clip>
            </td>
            <td data-wide>{node.trace.answerPreview}</td>
            <td data-numeric data-wide>
              {formatCount(node.trace.stepCount)}
            </td>
            <td>{node.split.toLowerCase()}</td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={items.pageInfo}
        pages={pages}
        total={plural(items.totalCount, 'item')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <ItemRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

export function DatasetItems(props: { datasetKey: string }) {
  const [url, setUrl] = useUrlState('split');
  const split = oneOf(SPLITS, url.split);
  const { pages, more } = usePages(split ?? '');
  return (
    <Section
      title="Items"
      flush
      aside={
        <SegmentedControl
          size="xs"
          aria-label="Split"
          value={split ?? ''}
          onChange={(value) => setUrl({ split: value })}
          data={[
            { value: '', label: 'All' },
            { value: 'TRAIN', label: 'Train' },
            { value: 'EVAL', label: 'Eval' },
            { value: 'TEST', label: 'Test' },
          ]}
        />
      }
    >
      <Table
        caption="Items"
        testId="items-table"
        columns={[
          { name: '#', numeric: true },
          { name: 'Prompt' },
          { name: 'Answer', wide: true },
          { name: 'Steps', numeric: true, wide: true },
          { name: 'Split' },
        ]}
      >
        <ItemRows
          datasetKey={props.datasetKey}
          split={split}
          after={null}
          pages={pages}
          onMore={more}
        />
      </Table>
    </Section>
  );
}
