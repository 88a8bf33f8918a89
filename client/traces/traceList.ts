/** The rows of a list of traces, and what its first page says of the whole. */
import type { TraceRows_QueryQuery } from '../gql/graphql.ts';
import type { ListView } from '../lib/pagedList.ts';

type TraceEdge = TraceRows_QueryQuery['traces']['edges'][number];
export type TraceRow = TraceEdge['node'] & { highlight: TraceEdge['highlight'] };

export type TraceFacts = { pendingSearch: number };
export type TraceListView = ListView<TraceRow, TraceFacts>;
