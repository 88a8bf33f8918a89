import { Button } from '@mantine/core';
import type { Split } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { useUrlState } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
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

function ItemRows(props: {
  datasetKey: string;
  split: Split | undefined;
  onOpen: (traceId: string) => void;
}) {
  const { datasetKey, split } = props;
  return (
    <PagedRows
      query={DatasetItems_Query}
      variables={{ key: datasetKey, split }}
      pageOf={(data) => data.dataset?.items}
      noun="item"
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => (
            <tr key={node.position} data-testid="dataset-item">
              <td data-numeric>{formatCount(node.position)}</td>
              <td className={css.prompt}>
                <OpenTrace
                  id={node.trace.id}
                  onOpen={props.onOpen}
                  title={node.trace.promptPreview}
                >
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
      )}
    </PagedRows>
  );
}

export function DatasetItems(props: { datasetKey: string }) {
  const [url, setUrl] = useUrlState('trace');
  const { split, control } = useSplit();
  return (
    <>
      <Section source={DatasetItems_Query} title="Items" flush aside={control}>
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
