import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import type { BoardPick, LeaderboardFilter } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';

const UseNewResults_Changed = graphql(`
  subscription UseNewResults_Changed($filter: LeaderboardFilter, $metric: String, $pick: BoardPick) {
    leaderboardChanged(filter: $filter, metric: $metric, pick: $pick) {
      runIds
      at
    }
  }
`);

/** How many runs have been judged since the rows of a board were read. */
export function useNewResults(question: {
  filter: LeaderboardFilter;
  metric: string;
  pick: BoardPick;
}) {
  const { filter, metric, pick } = question;
  const client = useClient();
  const [runs, setRuns] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    setRuns(new Set());
    const { unsubscribe } = client
      .subscription(UseNewResults_Changed, { filter, metric, pick })
      .subscribe(({ data }) => {
        const ids = data?.leaderboardChanged.runIds ?? [];
        if (ids.length > 0) setRuns((before) => new Set([...before, ...ids]));
      });
    return unsubscribe;
  }, [client, filter, metric, pick]);
  return { count: runs.size, clear: () => setRuns(new Set()) };
}
