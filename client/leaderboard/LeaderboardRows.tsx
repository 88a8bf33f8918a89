import { Checkbox } from '@mantine/core';
import { Whisker } from '../evaluations/Whisker.tsx';
import type { BoardPick, LeaderboardFilter, LeaderboardRows_RowFragment } from '../gql/graphql.ts';
import { graphql, read } from '../gql/index.ts';
import { formatCount, formatPercent, formatScore, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { RowsError } from '../ui/RowsError.tsx';
import { NextRows, TableNote } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import { boardLabel, scaleOf, tieGroups, tieWords } from './board.ts';
import { Incomparable } from './Incomparable.tsx';
import css from './LeaderboardRows.module.css';
import { RowActions } from './RowActions.tsx';
import type { Chosen } from './SelectedRows.tsx';

const LeaderboardRows_Row = graphql(`
  fragment LeaderboardRows_Row on LeaderboardRow {
    rank
    value
    tieGroup
    tiedFrom
    tiedTo
    interval {
      low
      high
    }
    board {
      id
      split
      dataset {
        id
        key
      }
      evaluationSet {
        id
        key
      }
      judge {
        ref
        isMock
      }
    }
    run {
      id
      number
      name
      modelId
      mode
    }
    evaluation {
      id
      itemCount
      correctCount
      createdAt
    }
    ...RowActions_Row
  }
`);

export const LeaderboardRows_Query = graphql(`
  query LeaderboardRows_Query(
    $filter: LeaderboardFilter
    $metric: String
    $pick: BoardPick
    $after: String
  ) {
    leaderboard(filter: $filter, metric: $metric, pick: $pick, first: 100, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      incomparable {
        ...Incomparable_Group
      }
      edges {
        node {
          ...LeaderboardRows_Row
        }
      }
    }
  }
`);

type Shared = {
  metric: string;
  chosen: readonly Chosen[];
  onChoose: (chosen: readonly Chosen[]) => void;
  onProvenance: (evaluationId: string) => void;
};

function Row(props: Shared & { row: LeaderboardRows_RowFragment; isTied: boolean }) {
  const { row, metric, chosen, onChoose } = props;
  const { run, evaluation, interval, board } = row;
  const scale = scaleOf(metric);
  const isChosen = chosen.some(({ evaluationId }) => evaluationId === evaluation.id);
  const choose = () =>
    onChoose(
      isChosen
        ? chosen.filter(({ evaluationId }) => evaluationId !== evaluation.id)
        : [...chosen, { evaluationId: evaluation.id, run: run.number }],
    );
  return (
    <tr data-testid="leaderboard-row" data-tied={props.isTied || undefined} className={css.row}>
      <td className={css.choose}>
        <Checkbox
          size="xs"
          checked={isChosen}
          onChange={choose}
          aria-label={`Choose run ${run.number}`}
        />
      </td>
      <td data-numeric className={css.rank}>
        {row.rank}
        {row.tiedFrom !== row.tiedTo && (
          <span
            className={css.tied}
            title={`Its interval touches those of ranks ${row.tiedFrom} to ${row.tiedTo}`}
          >
            ≈ {row.tiedFrom}–{row.tiedTo}
          </span>
        )}
      </td>
      <td className={css.run}>
        <TextLink to={paths.run(run.number)}>
          #{run.number}
          {run.name ? ` ${run.name}` : ''}
        </TextLink>{' '}
        {board.judge.isMock && <Tag tone="warn">mock judge</Tag>}
      </td>
      <td data-numeric className={css.value}>
        <TextLink to={paths.evaluation(evaluation.id)}>
          {scale === 1 ? formatPercent(row.value) : formatScore(row.value)}
        </TextLink>
      </td>
      <td className={css.interval}>
        {interval ? (
          <Whisker
            value={row.value / scale}
            low={interval.low / scale}
            high={interval.high / scale}
          />
        ) : (
          'none for this metric'
        )}
      </td>
      <td data-numeric className={css.correct}>
        {formatCount(evaluation.correctCount ?? 0)} of {formatCount(evaluation.itemCount ?? 0)}
      </td>
      <td className={css.model}>
        <Mono>{run.modelId}</Mono>
      </td>
      <td className={css.when}>
        <Ago at={evaluation.createdAt} />
      </td>
      <td data-numeric className={css.actions}>
        <RowActions row={row} onProvenance={() => props.onProvenance(evaluation.id)} />
      </td>
    </tr>
  );
}

export function LeaderboardRows(
  props: Shared & {
    filter: LeaderboardFilter;
    pick: BoardPick;
    after: string | null;
    pages: number;
    onMore: () => void;
  },
) {
  const { filter, metric, pick, after, pages, onMore } = props;
  const { data, error, loading, refetch } = usePartQuery({
    query: LeaderboardRows_Query,
    variables: { filter, metric, pick, after },
  });
  if (error) return <RowsError error={error} onRetry={refetch} />;
  if (!data) {
    return (
      <TableNote>
        <LoadingRows />
      </TableNote>
    );
  }
  const { edges, pageInfo, totalCount, incomparable } = data.leaderboard;
  const rows = edges.map(({ node }) => read(LeaderboardRows_Row, node));
  // The title above already names the board then.
  const isOneBoard = Boolean(filter.judge && (filter.evaluationSetKey || filter.split));
  return (
    <>
      {!after && rows.length === 0 && (
        <TableNote>
          <EmptyState title="No run matches">
            Nothing was judged on this board by these filters. Change the model or the dates, or let
            the judge score a run.
          </EmptyState>
        </TableNote>
      )}
      {tieGroups(rows).map((group, index, groups) => {
        const [first] = group.rows;
        const isNewBoard = first?.board.id !== groups[index - 1]?.rows[0]?.board.id;
        const isTied = group.rows.length > 1;
        return (
          <tbody key={first?.evaluation.id}>
            {isNewBoard && first && (index > 0 || !isOneBoard) && (
              <tr className={css.head}>
                <th colSpan={9} scope="rowgroup">
                  {boardLabel(first.board)}
                </th>
              </tr>
            )}
            {isTied && (
              <tr className={css.group} data-testid="tie-group">
                <th
                  colSpan={9}
                  scope="rowgroup"
                  title="Their 95 % intervals overlap with that of the best of them. Choose two to compare them item by item, which tells more."
                >
                  <Icon name="equal" size={12} /> {tieWords(group)}
                </th>
              </tr>
            )}
            {group.rows.map((row) => (
              <Row key={row.evaluation.id} {...props} row={row} isTied={isTied} />
            ))}
          </tbody>
        );
      })}
      {!after && <Incomparable groups={incomparable} />}
      {rows.length > 0 && (
        <NextRows
          pageInfo={pageInfo}
          pages={pages}
          total={plural(totalCount, 'row')}
          loading={loading}
          onMore={onMore}
          next={(cursor) => <LeaderboardRows {...props} after={cursor} pages={pages - 1} />}
        />
      )}
    </>
  );
}
