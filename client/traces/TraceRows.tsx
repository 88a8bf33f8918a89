import { Button } from '@mantine/core';
import type { TraceFilter } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Clip, type Column, NextRows, TableNote } from '../ui/Table.tsx';

const TraceRows_Query = graphql(`
  query TraceRows_Query($filter: TraceFilter, $after: String) {
    traces(filter: $filter, first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          promptPreview
          answerPreview
          stepCount
          totalChars
          source
          tags
          createdAt
        }
      }
    }
  }
`);

export const TRACE_COLUMNS: readonly Column[] = [
  { name: 'Prompt' },
  { name: 'Answer', wide: true },
  { name: 'Steps', numeric: true },
  { name: 'Characters', numeric: true, wide: true },
  { name: 'Source', wide: true },
  { name: 'Tags', wide: true },
  { name: 'Added', numeric: true },
];

const CREATE = `mutation {
  createTrace(input: { trace: { trace_version: "1", prompt: "2 + 3 = ?",
    steps: [{ i: 0, type: "add", content: "2 + 3 = 5" }], final_answer: "5" } }) { __typename }
}`;

function NoTraces(props: { filtered: boolean }) {
  if (props.filtered) {
    return <EmptyState title="No trace matches">Change or clear the filters above.</EmptyState>;
  }
  return (
    <EmptyState
      title="No traces yet"
      action={
        <Button component={Link} to={paths.importTraces()}>
          Import JSONL
        </Button>
      }
      api={CREATE}
    >
      A trace is one recorded solution: a prompt, the steps taken, and the final answer. Datasets
      are built from traces.
    </EmptyState>
  );
}

type RowsProps = { filter: TraceFilter; after: string | null; pages: number; onMore: () => void };

export function TraceRows(props: RowsProps) {
  const { filter, after, pages, onMore } = props;
  const { data, loading } = usePageQuery({ query: TraceRows_Query, variables: { filter, after } });
  if (!data) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  const { edges, pageInfo, totalCount } = data.traces;
  if (!after && edges.length === 0) {
    return (
      <TableNote>
        <NoTraces filtered={Object.values(filter).some(Boolean)} />
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {edges.map(({ node }) => (
          <tr key={node.id} data-testid="trace-row">
            <td>
              <Clip title={node.promptPreview}>
                <TextLink to={paths.trace(node.id)}>{node.promptPreview}</TextLink>
              </Clip>
            </td>
            <td data-wide>
              <div style={{ maxWidth: 160, overflow: 'hidden', textOverflow: 'ellipsis' }}>
                {node.answerPreview}
              </div>
            </td>
            <td data-numeric>{formatCount(node.stepCount)}</td>
            <td data-numeric data-wide>
              {formatCount(node.totalChars)}
            </td>
            <td data-wide data-keep>
              {node.source ?? '–'}
            </td>
            <td data-wide>{node.tags.join(', ')}</td>
            <td data-numeric>
              <Ago at={node.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={pageInfo}
        pages={pages}
        total={plural(totalCount, 'trace')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <TraceRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}
