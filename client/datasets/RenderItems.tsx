import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
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

function Rows(props: {
  datasetKey: string;
  split: Split | undefined;
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
}) {
  const { datasetKey, split, chosen, onChoose } = props;
  return (
    <PagedRows
      query={RenderItems_Query}
      variables={{ key: datasetKey, split }}
      pageOf={(data) => data.dataset?.items}
      noun="item"
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => (
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
      )}
    </PagedRows>
  );
}

/** A short list of items to choose one from. */
export function RenderItems(props: {
  datasetKey: string;
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
}) {
  const { split, control } = useSplit();
  return (
    <Section source={RenderItems_Query} flush title="Item" aside={control}>
      <div className={css.list}>
        <Table caption="Items to render" columns={[{ name: 'Prompt' }]}>
          <Rows {...props} split={split} />
        </Table>
      </div>
    </Section>
  );
}
