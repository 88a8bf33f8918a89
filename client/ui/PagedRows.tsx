import type { ReactNode } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { plural } from '../lib/format.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { LoadingRows } from './Loading.tsx';
import { RowsError } from './RowsError.tsx';
import { NextRows, TableNote } from './Table.tsx';
import { usePages } from './usePages.ts';

type Page<Node> = {
  totalCount?: number;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  edges: readonly { node: Node }[];
};

type Props<Data, Variables extends AnyVariables, Node> = {
  /** A connection that takes `$after`. */
  query: TypedDocumentNode<Data, Variables>;
  /** All but `after`; other variables are another list, which begins with one page. */
  variables: Omit<Variables, 'after'>;
  /** The connection within the answer; without one the list is still on its way. */
  pageOf: (data: Data) => Page<Node> | null | undefined;
  /** What the rows are, counted below them: `item`. Without one they are not counted. */
  noun?: string;
  /** How many there are, where the connection does not know it. */
  total?: number;
  /** In place of the rows while there are none. */
  empty?: ReactNode;
  /** The rows of one page, with their `tbody`. */
  children: (nodes: readonly Node[], refetch: () => void) => ReactNode;
};

/**
 * The pages of a list as bodies of one table: skeletons, what is there, and a button for more. A page
 * that cannot be read says so in its place, and those before it stay.
 */
export function PagedRows<Data, Variables extends AnyVariables, Node>(
  props: Props<Data, Variables, Node>,
) {
  const { pages, more } = usePages(JSON.stringify(props.variables));
  return <Rows {...props} after={null} pages={pages} onMore={more} />;
}

function Rows<Data, Variables extends AnyVariables, Node>(
  props: Props<Data, Variables, Node> & {
    after: string | null;
    pages: number;
    onMore: () => void;
  },
) {
  const { query, after, pages, onMore, noun, empty } = props;
  const { data, error, loading, refetch } = usePartQuery<Data, AnyVariables>({
    query,
    variables: { ...props.variables, after },
  });
  if (error) return <RowsError error={error} onRetry={refetch} />;
  const page = data && props.pageOf(data);
  if (!page) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  if (!after && page.edges.length === 0 && empty) return <TableNote>{empty}</TableNote>;
  return (
    <>
      {props.children(
        page.edges.map(({ node }) => node),
        refetch,
      )}
      <NextRows
        pageInfo={page.pageInfo}
        pages={pages}
        total={noun ? plural(props.total ?? page.totalCount ?? 0, noun) : ''}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <Rows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}
