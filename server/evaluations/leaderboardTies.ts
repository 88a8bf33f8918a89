/** Ranks of values on boards, and which of them the items cannot tell apart. */
import type { Pool } from 'pg';
import type { BoardPick } from '../../prisma/generated/client/enums.ts';
import { type Interval, wilsonOfMean, wilsonReach } from '../lib/stats.ts';
import { scaleOf } from './leaderboardQuery.ts';

/** A value on a board, as a mean over items. */
export type Standing = { boardId: number; value: number; items: number };

type Ranking = { metric: string; pick: BoardPick };

export type Rank = {
  rank: number;
  /** First and last rank whose intervals, over as many items, touch that of this value. */
  tiedFrom: number;
  tiedTo: number;
};

// The counts of values between two neighbours are summed once, whatever the number of places.
const above = `WITH places AS (
  SELECT DISTINCT board_id, at FROM unnest($3::int[], $4::float8[]) AS place(board_id, at)
), steps AS (
  SELECT *, coalesce(lag(at) OVER (PARTITION BY board_id ORDER BY at DESC), 'Infinity') AS upper
  FROM places
)
SELECT board_id, at, sum(between_them.runs) OVER (PARTITION BY board_id ORDER BY at DESC)::int AS above
FROM steps CROSS JOIN LATERAL (
  SELECT coalesce(sum(v.runs), 0) AS runs FROM board_values v
  WHERE v.board_id = steps.board_id AND v.metric = $1 AND v.pick = $2::board_pick
    AND v.value > steps.at AND v.value <= steps.upper
) AS between_them`;

/** 95 % Wilson interval of a value, in its unit. */
export function intervalOf(metric: string, { value, items }: Omit<Standing, 'boardId'>): Interval {
  return scaled(wilsonOfMean(shareOf(metric, value), items), scaleOf(metric));
}

/** Where values stand among all runs of their boards, in the order given. */
export async function ranksOf(
  sql: Pool,
  { metric, pick }: Ranking,
  standings: readonly Standing[],
): Promise<Rank[]> {
  const reaches = standings.map((standing) => reachOf(metric, standing));
  const places = standings.flatMap(({ boardId, value }, index) => {
    const { low, high } = reaches[index] as Interval;
    return [value, low, high].map((at) => ({ boardId, at }));
  });
  const { rows } = await sql.query<{ board_id: number; at: number; above: number }>(above, [
    metric,
    pick,
    places.map(({ boardId }) => boardId),
    places.map(({ at }) => at),
  ]);
  const counts = new Map(rows.map((row) => [`${row.board_id} ${row.at}`, row.above]));
  const count = (boardId: number, at: number) => counts.get(`${boardId} ${at}`) ?? 0;
  return standings.map(({ boardId, value }, index) => {
    const { low, high } = reaches[index] as Interval;
    return {
      rank: count(boardId, value) + 1,
      tiedFrom: count(boardId, high) + 1,
      tiedTo: count(boardId, low),
    };
  });
}

const leader = `SELECT value, items FROM board_entries
  WHERE board_id = $1 AND metric = $2 AND pick = $3::board_pick AND value < $4
  ORDER BY value DESC, run_id DESC LIMIT 1`;

/**
 * The groups of a board down to a value, as the values below which the next one begins: the first is
 * what cannot be told apart from the best run, the second what cannot be told apart from the best of
 * the rest, and so on. Over 1000 items there are some fifteen, over 10 000 fifty.
 */
export async function groupEnds(
  sql: Pool,
  { metric, pick }: Ranking,
  boardId: number,
  value: number,
): Promise<number[]> {
  const ends: number[] = [];
  for (let below = Number.POSITIVE_INFINITY; below > value; ) {
    const { rows } = await sql.query<Omit<Standing, 'boardId'>>(leader, [
      boardId,
      metric,
      pick,
      below,
    ]);
    if (!rows[0]) return ends;
    below = reachOf(metric, rows[0]).low;
    ends.push(below);
  }
  return ends;
}

/** The group of a value, from 1. */
export const groupOf = (ends: readonly number[], value: number): number =>
  ends.filter((end) => value < end).length + 1;

const reachOf = (metric: string, { value, items }: Omit<Standing, 'boardId'>): Interval =>
  scaled(wilsonReach(wilsonOfMean(shareOf(metric, value), items), items), scaleOf(metric));

// A hundred times a mean may pass 100 in the last digit.
const shareOf = (metric: string, value: number) =>
  Math.min(1, Math.max(0, value / scaleOf(metric)));

const scaled = ({ low, high }: Interval, scale: number): Interval => ({
  low: low * scale,
  high: high * scale,
});
