import type { FindingCode } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { plural } from '../lib/format.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { NextRows, TableNote } from '../ui/Table.tsx';
import { FindingRow } from './FindingRow.tsx';

const FindingRows_Query = graphql(`
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
  after: string | null;
  pages: number;
  onMore: () => void;
  onOpen: (traceId: string) => void;
  onChanged: () => void;
  chosen: readonly string[];
  onChoose: (id: string, yes: boolean) => void;
}) {
  const { checkId, rule, waived, after, pages, onMore } = props;
  const { data, loading, refetch } = usePageQuery({
    query: FindingRows_Query,
    variables: { id: checkId, codes: rule ? [rule] : undefined, waived, after },
  });
  const findings = data?.node?.__typename === 'DatasetCheck' ? data.node.findings : undefined;
  if (!findings) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  if (!after && findings.edges.length === 0) {
    return (
      <TableNote>
        <EmptyState title={waived ? 'Nothing is waived' : 'Nothing found'}>
          {waived
            ? 'A finding that someone accepts with a reason is listed here.'
            : 'There is no open finding for this choice.'}
        </EmptyState>
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {findings.edges.map(({ node }) => (
          <FindingRow
            key={node.id}
            finding={node}
            isChosen={props.chosen.includes(node.id)}
            onChoose={(yes) => props.onChoose(node.id, yes)}
            onOpen={props.onOpen}
            onChanged={() => {
              refetch();
              props.onChanged();
            }}
          />
        ))}
      </tbody>
      <NextRows
        pageInfo={findings.pageInfo}
        pages={pages}
        total={plural(findings.totalCount, 'finding')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <FindingRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}
