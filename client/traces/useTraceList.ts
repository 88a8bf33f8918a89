import { useEffect } from 'react';
import { useClient } from 'urql';
import type { TraceFilter, TraceOrder } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { PagedList } from '../lib/pagedList.ts';
import { type Kept, usePagedList } from '../lib/usePagedList.ts';
import type { TraceFacts, TraceRow } from './traceList.ts';

const PAGE = 100;

const TraceRows_Query = graphql(`
  query TraceRows_Query(
    $filter: TraceFilter
    $orderBy: TraceOrder
    $first: Int!
    $after: String
    $isStart: Boolean!
  ) {
    traces(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      totalCount @include(if: $isStart)
      pendingSearch @include(if: $isStart)
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        highlight {
          where
          parts {
            text
            hit
          }
        }
        node {
          id
          promptPreview
          answerPreview
          stepCount
          totalChars
          baselineScore
          source
          tags
          createdAt
        }
      }
    }
  }
`);

const kept: Kept<TraceRow, TraceFacts> = {};

const PENDING_EVERY_MS = 2_000;

/** The endless list of one question. */
export function useTraceList(filter: TraceFilter, orderBy: TraceOrder) {
  const client = useClient();
  const view = usePagedList(
    kept,
    JSON.stringify([filter, orderBy]),
    () =>
      new PagedList<TraceRow, TraceFacts>(async (after) => {
        const { data, error } = await client
          .query(
            TraceRows_Query,
            { filter, orderBy, first: PAGE, after, isStart: after === null },
            { requestPolicy: 'network-only' },
          )
          .toPromise();
        if (error) throw error;
        if (!data) throw new Error('The server answered nothing.');
        const { edges, pageInfo, totalCount, pendingSearch } = data.traces;
        return {
          rows: edges.map(({ node, highlight }) => ({ ...node, highlight })),
          total: totalCount,
          facts: pendingSearch === undefined ? undefined : { pendingSearch },
          pageInfo,
        };
      }),
  );
  const { list, facts } = view;
  const waits = facts !== undefined && facts.pendingSearch > 0 && filter.text !== undefined;
  useEffect(() => {
    if (!waits) return undefined;
    // What is being indexed belongs into this list; it is there within seconds.
    const timer = setTimeout(list.refresh, PENDING_EVERY_MS);
    return () => clearTimeout(timer);
  }, [waits, list, facts]);
  return view;
}
