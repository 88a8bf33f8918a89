import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useClient } from 'urql';
import type { TraceFilter, TraceOrder } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { onReconnect } from '../lib/socket.ts';
import { TraceList } from './traceList.ts';

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

/** The list that was shown last: whoever comes back finds it where it was. */
let kept: { question: string; list: TraceList } | undefined;

const PENDING_EVERY_MS = 2_000;

/** The endless list of one question. Reads the first page at once. */
export function useTraceList(filter: TraceFilter, orderBy: TraceOrder) {
  const client = useClient();
  const question = JSON.stringify([filter, orderBy]);
  const open = (): TraceList => {
    if (kept?.question === question) return kept.list;
    const load = async (after: string | null) => {
      const { data, error } = await client
        .query(
          TraceRows_Query,
          { filter, orderBy, first: PAGE, after, isStart: after === null },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      if (error) throw error;
      if (!data) throw new Error('The server answered nothing.');
      return data.traces;
    };
    kept = { question, list: new TraceList(load) };
    return kept.list;
  };
  const [held, setHeld] = useState(() => ({ question, list: open() }));
  if (held.question !== question) setHeld({ question, list: open() });
  const { list } = held;
  const view = useSyncExternalStore(list.subscribe, list.view);
  useEffect(() => {
    if (list.view().rows.length > 0) list.refresh();
    else list.more();
  }, [list]);
  useEffect(() => onReconnect(list.refresh), [list]);
  const waits = view.pendingSearch > 0 && filter.text !== undefined;
  useEffect(() => {
    if (!waits) return undefined;
    // What is being indexed belongs into this list; it is there within seconds.
    const timer = setTimeout(list.refresh, PENDING_EVERY_MS);
    return () => clearTimeout(timer);
  }, [waits, list, view]);
  return { ...view, list, more: useCallback(() => list.more(), [list]) };
}
