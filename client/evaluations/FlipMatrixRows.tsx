import { Button } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { FurtherPage, useArrival } from '../ui/FurtherPage.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { RowsError } from '../ui/RowsError.tsx';
import css from './FlipMatrix.module.css';
import { CELLS } from './flips.ts';

const FlipMatrixRows_Query = graphql(`
  query FlipMatrixRows_Query($ids: [ID!]!, $after: String) {
    flipMatrix(evaluationIds: $ids, first: 100, after: $after) {
      totalCount
      unstableCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          position
          prompt
          expected
          cells
          instability
        }
      }
    }
  }
`);

type Column = { id: string; run: number | undefined; name: string };

/** The items of one page, and below them the next page or how to get it. */
export function FlipMatrixRows(props: {
  columns: readonly Column[];
  after: string | null;
  pages: number;
  onMore: () => void;
}) {
  const { columns, after, pages, onMore } = props;
  const { data, error, loading, refetch } = usePartQuery({
    query: FlipMatrixRows_Query,
    variables: { ids: columns.map(({ id }) => id), after },
  });
  useArrival(data !== undefined);
  if (error) return <RowsError error={error} onRetry={refetch} />;
  if (!data) {
    return (
      <tbody>
        <tr>
          <td colSpan={columns.length + 1}>
            <LoadingRows />
          </td>
        </tr>
      </tbody>
    );
  }
  const { edges, pageInfo, totalCount, unstableCount } = data.flipMatrix;
  const { hasNextPage, endCursor } = pageInfo;
  return (
    <>
      <tbody>
        {edges.map(({ node }) => (
          <tr key={node.position} data-testid="matrix-row">
            <th scope="row" className={css.item} title={`Expected: ${node.expected}`}>
              <span className={css.prompt}>{node.prompt}</span>
            </th>
            {node.cells.map((cell, index) => (
              <td
                key={columns[index]?.id}
                data-cell={cell}
                title={`Run #${columns[index]?.run}: ${CELLS[cell].word}`}
              >
                <span aria-hidden="true">{CELLS[cell].sign}</span>
                <span className={css.spoken}>{CELLS[cell].word}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {hasNextPage && endCursor && pages > 1 ? (
        <FurtherPage as="tbody">
          <FlipMatrixRows {...props} after={endCursor} pages={pages - 1} />
        </FurtherPage>
      ) : (
        <tbody>
          <tr>
            <td colSpan={columns.length + 1} className={css.end}>
              {plural(totalCount, 'item')}; the runs disagree on {formatCount(unstableCount)}.{' '}
              {hasNextPage && (
                <Button size="compact-sm" variant="default" loading={loading} onClick={onMore}>
                  Load more
                </Button>
              )}
            </td>
          </tr>
        </tbody>
      )}
    </>
  );
}
