import { Button } from '@mantine/core';
import { SetBaselineButton } from '../baselines/SetBaselineButton.tsx';
import type { LeaderboardFilter } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatMetric, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { type Column, NextRows, TableNote } from '../ui/Table.tsx';
import { Whisker } from './Whisker.tsx';

const LeaderboardRows_Query = graphql(`
  query LeaderboardRows_Query($filter: LeaderboardFilter, $after: String) {
    leaderboard(filter: $filter, first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          rank
          value
          interval {
            low
            high
          }
          run {
            id
            number
            name
            modelId
          }
          evaluation {
            id
            split
            itemCount
            correctCount
            judge {
              ref
            }
            dataset {
              id
              key
            }
            evaluationSet {
              id
              key
            }
            ...SetBaselineButton_Evaluation
          }
        }
      }
    }
  }
`);

export const LEADERBOARD_COLUMNS: readonly Column[] = [
  { name: 'Rank', numeric: true },
  { name: 'Run' },
  { name: 'Score', numeric: true },
  { name: '95 % interval' },
  { name: 'Correct', numeric: true, wide: true },
  { name: 'Model', wide: true },
  { name: 'Scored on', wide: true },
  { name: 'Actions', label: 'Actions' },
];

const API = `query {
  leaderboard(filter: { datasetKey: "arithmetic-v1" }) {
    edges { node { rank value run { number } interval { low high } } }
  }
}`;

type RowsProps = {
  filter: LeaderboardFilter;
  after: string | null;
  pages: number;
  onMore: () => void;
};

export function LeaderboardRows(props: RowsProps) {
  const { filter, after, pages, onMore } = props;
  const { data, loading } = usePageQuery({
    query: LeaderboardRows_Query,
    variables: { filter, after },
  });
  if (!data) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  const { edges, pageInfo, totalCount } = data.leaderboard;
  if (!after && edges.length === 0) {
    return (
      <TableNote>
        <EmptyState
          title="Nothing is ranked here yet"
          action={
            <Button component={Link} to={paths.runs()} variant="default">
              Go to runs
            </Button>
          }
          api={API}
        >
          A completed local run is scored on its evaluation set, or on the test items of its
          dataset, and appears here.
        </EmptyState>
      </TableNote>
    );
  }
  return (
    <>
      <tbody>
        {edges.map(({ node: { rank, value, interval, run, evaluation } }) => (
          <tr key={evaluation.id} data-testid="leaderboard-row">
            <td data-numeric>{rank}</td>
            <td data-keep>
              <TextLink to={paths.run(run.number)}>
                #{run.number}
                {run.name ? ` ${run.name}` : ''}
              </TextLink>
            </td>
            <td data-numeric>
              <TextLink to={paths.evaluation(evaluation.id)}>{formatMetric(value)}</TextLink>
            </td>
            <td>
              {interval ? (
                <Whisker
                  // The board ranks by score, and the interval is in its unit.
                  value={value / 100}
                  low={interval.low / 100}
                  high={interval.high / 100}
                />
              ) : (
                '–'
              )}
            </td>
            <td data-numeric data-wide>
              {evaluation.correctCount ?? '–'} / {evaluation.itemCount ?? '–'}
            </td>
            <td data-wide data-keep>
              <Mono>{run.modelId}</Mono>
            </td>
            <td data-wide>
              {evaluation.evaluationSet ? (
                <Mono>{evaluation.evaluationSet.key}</Mono>
              ) : (
                evaluation.dataset && (
                  <TextLink to={paths.dataset(evaluation.dataset.key)} mono>
                    {evaluation.dataset.key}
                  </TextLink>
                )
              )}{' '}
              {evaluation.split?.toLowerCase() ?? 'set'}, {evaluation.judge.ref}
            </td>
            <td data-numeric>
              <SetBaselineButton evaluation={evaluation} compact />
            </td>
          </tr>
        ))}
      </tbody>
      <NextRows
        pageInfo={pageInfo}
        pages={pages}
        total={plural(totalCount, 'row')}
        loading={loading}
        onMore={onMore}
        next={(cursor) => <LeaderboardRows {...props} after={cursor} pages={pages - 1} />}
      />
    </>
  );
}
