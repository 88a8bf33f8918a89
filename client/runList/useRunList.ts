import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import type { RunFilter, RunSort } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { PagedList } from '../lib/pagedList.ts';
import { type Kept, usePagedList } from '../lib/usePagedList.ts';
import { runChanges } from '../runs/runChanges.ts';
import { RunList_Run, type RunRow } from './runRows.ts';

/** Rows are dear: they have a curve, evaluations and a runner each. */
const PAGE = 25;
const AT_ONCE = 20;
/** The most a page can have. */
const MOST = 100;
/** How long changes gather before they are asked for: many runs change at once. */
const GATHER_MS = 400;

const UseRunList_Page = graphql(`
  query UseRunList_Page(
    $filter: RunFilter
    $sort: RunSort
    $first: Int!
    $after: String
    $isStart: Boolean!
  ) {
    runs(filter: $filter, sort: $sort, first: $first, after: $after) {
      totalCount @include(if: $isStart)
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...RunList_Run
        }
      }
    }
  }
`);

const UseRunList_Changed = graphql(`
  query UseRunList_Changed($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on Run {
        ...RunList_Run
      }
    }
  }
`);

const UseRunList_First = graphql(`
  query UseRunList_First($filter: RunFilter, $sort: RunSort, $first: Int!) {
    runs(filter: $filter, sort: $sort, first: $first) {
      edges {
        node {
          id
        }
      }
    }
  }
`);

const kept: Kept<RunRow, object> = {};
const FRESH = { requestPolicy: 'network-only' } as const;

/**
 * The endless list of runs. Rows change where they stand as events come; a run that has come to
 * match is only counted in `newCount` until the list is read again.
 */
export function useRunList(filter: RunFilter, sort: RunSort) {
  const client = useClient();
  const question = JSON.stringify([filter, sort]);
  const view = usePagedList(
    kept,
    question,
    () =>
      new PagedList<RunRow>(async (after) => {
        const variables = { filter, sort, first: PAGE, after, isStart: after === null };
        const { data, error } = await client.query(UseRunList_Page, variables, FRESH).toPromise();
        if (error) throw error;
        if (!data) throw new Error('The server answered nothing.');
        const { edges, pageInfo, totalCount } = data.runs;
        return {
          rows: edges.map(({ node }) => read(RunList_Run, node)),
          total: totalCount,
          pageInfo,
        };
      }),
  );
  const { list } = view;
  const [news, setNews] = useState({ question, count: 0 });
  const changed = useRef(new Set<string>());

  const readChanged = useDebouncedCallback(
    async () => {
      const ids = [...changed.current].slice(0, AT_ONCE);
      for (const id of ids) changed.current.delete(id);
      const { data } = await client.query(UseRunList_Changed, { ids }, FRESH).toPromise();
      const rows = (data?.nodes ?? []).flatMap((node) =>
        node?.__typename === 'Run' ? [read(RunList_Run, node)] : [],
      );
      const versions = new Map(list.view().rows.map(({ id, version }) => [id, version]));
      // What an event has said meanwhile is newer than this answer.
      list.patch(rows.filter(({ id, version }) => version >= (versions.get(id) ?? 0)));
      if (changed.current.size > 0) readChanged();
    },
    { delay: GATHER_MS, maxWait: GATHER_MS },
  );

  const countNews = useDebouncedCallback(
    async () => {
      const { rows } = list.view();
      // As many as are shown: those below have not been read, and are not new.
      const first = Math.min(MOST, Math.max(1, rows.length));
      const variables = { filter, sort, first };
      const { data } = await client.query(UseRunList_First, variables, FRESH).toPromise();
      if (!data) return;
      const shown = new Set(rows.map(({ id }) => id));
      const count = data.runs.edges.filter(({ node }) => !shown.has(node.id)).length;
      setNews({ question, count });
    },
    { delay: GATHER_MS, maxWait: GATHER_MS },
  );

  useEffect(
    () =>
      runChanges.subscribe((run) => {
        const { rows, total } = list.view();
        const row = rows.find(({ id }) => id === run.id);
        if (row) {
          if (run.version > row.version) list.patch([run]);
          changed.current.add(run.id);
          readChanged();
        } else if (total !== undefined) countNews();
      }),
    [list, readChanged, countNews],
  );

  return {
    ...view,
    newCount: news.question === question ? news.count : 0,
    showNew: () => {
      setNews({ question, count: 0 });
      list.reload();
    },
  };
}
