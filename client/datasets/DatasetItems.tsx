import { Button } from '@mantine/core';
import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import css from './DatasetItems.module.css';
import { OpenTrace } from './OpenTrace.tsx';
import { SplitTag } from './SplitTag.tsx';
import { TraceDrawer } from './TraceDrawer.tsx';
import { useSplit } from './useSplit.tsx';

const DatasetItems_Query = graphql(`
  query DatasetItems_Query($key: String!, $split: Split, $after: String) {
    dataset(key: $key) {
      id
      items(split: $split, first: 50, after: $after) {
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

type RowsProps = {
  datasetKey: string;
  split: Split | undefined;
  after: string | null;
  pages: number;
  onMore: () => void;
  onOpen: (traceId: string) => void;
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
            <td className={css.prompt}>
              <OpenTrace id={node.trace.id} onOpen={props.onOpen} title={node.trace.promptPreview}>
                {node.trace.promptPreview}
              </OpenTrace>
            </td>
            <td data-wide>{node.trace.answerPreview}</td>
            <td data-numeric data-wide>
              {formatCount(node.trace.stepCount)}
            </td>
            <td>
              <SplitTag split={node.split} />
            </td>
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
  const [url, setUrl] = useUrlState('trace');
  const { split, control } = useSplit();
  const { pages, more } = usePages(split ?? '');
  return (
    <>
      <Section title="Items" flush aside={control}>
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
            onOpen={(trace) => setUrl({ trace })}
          />
        </Table>
      </Section>
      <TraceDrawer
        id={url.trace}
        onClose={() => setUrl({ trace: undefined })}
        actions={
          <Button
            component={Link}
            to={paths.dataset(props.datasetKey, { tab: 'render', trace: url.trace })}
            size="compact-sm"
            variant="default"
          >
            Render preview
          </Button>
        }
      />
    </>
  );
}
