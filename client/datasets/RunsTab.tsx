import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';

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

function RunRows(props: { datasetKey: string }) {
  const { datasetKey } = props;
  return (
    <PagedRows
      query={RunsTab_Query}
      variables={{ key: datasetKey }}
      pageOf={(data) => data.dataset?.runs}
      noun="run"
      empty={
        <EmptyState
          title="Never trained on"
          action={
            <May scope="RUNS_WRITE">
              <Button component={Link} to={paths.newRun({ dataset: datasetKey })}>
                Train on this
              </Button>
            </May>
          }
        >
          Each run on this version will be listed here, with its state.
        </EmptyState>
      }
    >
      {(nodes) => (
        <tbody>
          {nodes.map((node) => (
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
      )}
    </PagedRows>
  );
}

export function RunsTab(props: { datasetKey: string }) {
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
        <RunRows datasetKey={props.datasetKey} />
      </Table>
    </Section>
  );
}
