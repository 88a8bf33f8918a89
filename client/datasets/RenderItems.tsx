import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { NextRows, Table, TableNote } from '../ui/Table.tsx';
import { usePages } from '../ui/usePages.ts';
import css from './RenderItems.module.css';
import { useSplit } from './useSplit.tsx';

const RenderItems_Query = graphql(`
  query RenderItems_Query($key: String!, $split: Split, $after: String) {
    dataset(key: $key) {
      id
      items(split: $split, first: 20, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            position
            trace {
              id
              promptPreview
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
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
};

function Rows(props: RowsProps) {
  const { datasetKey, split, after, pages, onMore, chosen, onChoose } = props;
  const { data, loading } = usePageQuery({
    query: RenderItems_Query,
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
          <tr key={node.position}>
            <td className={css.cell}>
              <button
                type="button"
                className={css.item}
                aria-pressed={node.trace.id === chosen}
                title={node.trace.promptPreview}
                data-testid="render-item"
                onClick={() => onChoose(node.trace.id)}
              >
                <span className={css.number}>{formatCount(node.position)}</span>
                {node.trace.promptPreview}
              </button>
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
        next={(cursor) => <Rows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}

/** A short list of items to choose one from. */
export function RenderItems(props: {
  datasetKey: string;
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
}) {
  const { split, control } = useSplit();
  const { pages, more } = usePages(split ?? '');
  return (
    <Section flush title="Item" aside={control}>
      <div className={css.list}>
        <Table caption="Items to render" columns={[{ name: 'Prompt' }]}>
          <Rows {...props} split={split} after={null} pages={pages} onMore={more} />
        </Table>
      </div>
    </Section>
  );
}
