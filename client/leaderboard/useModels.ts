import { useMemo } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { type BoardUrl, toFilter } from './board.ts';

const UseModels_Query = graphql(`
  query UseModels_Query($filter: LeaderboardFilter) {
    leaderboard(filter: $filter, first: 100) {
      edges {
        node {
          run {
            id
            modelId
          }
        }
      }
    }
  }
`);

/** The models among the first 100 rows of a board, whatever the filter by model. */
export function useModels({ set, dataset, split, judge, model }: BoardUrl): string[] {
  const filter = useMemo(
    () => toFilter({ set, dataset, split, judge }),
    [set, dataset, split, judge],
  );
  const [{ data }] = useQuery({ query: UseModels_Query, variables: { filter } });
  const found = data?.leaderboard.edges.map(({ node }) => node.run.modelId) ?? [];
  return [...new Set([...(model ? [model] : []), ...found])].sort();
}
