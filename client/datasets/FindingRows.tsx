import type { FindingCode } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { PagedRows } from '../ui/PagedRows.tsx';
import { FindingRow } from './FindingRow.tsx';

export const FindingRows_Query = graphql(`
  query FindingRows_Query($id: ID!, $codes: [FindingCode!], $waived: Boolean, $after: String) {
    node(id: $id) {
      __typename
      id
      ... on DatasetCheck {
        findings(codes: $codes, waived: $waived, first: 25, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          edges {
            node {
              id
              trace {
                id
              }
              ...FindingRow_Finding
            }
          }
        }
      }
    }
  }
`);

export function FindingRows(props: {
  checkId: string;
  rule: FindingCode | undefined;
  waived: boolean | undefined;
  onOpen: (traceId: string) => void;
  onChanged: () => void;
  /** By the id of the finding. */
  chosen: ReadonlyMap<string, unknown>;
  onChoose: (findingId: string, traceId: string, yes: boolean) => void;
}) {
  const { checkId, rule, waived } = props;
  return (
    <PagedRows
      query={FindingRows_Query}
      variables={{ id: checkId, codes: rule ? [rule] : undefined, waived }}
      pageOf={({ node }) => (node?.__typename === 'DatasetCheck' ? node.findings : undefined)}
      noun="finding"
      empty={
        <EmptyState title={waived ? 'Nothing is waived' : 'Nothing found'}>
          {waived
            ? 'A finding that someone accepts with a reason is listed here.'
            : 'There is no open finding for this choice.'}
        </EmptyState>
      }
    >
      {(nodes, refetch) => (
        <tbody>
          {nodes.map((node) => (
            <FindingRow
              key={node.id}
              finding={node}
              isChosen={props.chosen.has(node.id)}
              onChoose={(yes) => props.onChoose(node.id, node.trace.id, yes)}
              onOpen={props.onOpen}
              onChanged={() => {
                refetch();
                props.onChanged();
              }}
            />
          ))}
        </tbody>
      )}
    </PagedRows>
  );
}
