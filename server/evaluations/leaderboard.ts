/**
 * The leaderboard: the entries of boards, newest board first, best value first within each. The
 * order and the cursor are those of an index, so a page costs the same at any depth.
 */
import type { Pool } from 'pg';
import { z } from 'zod';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import type { Interval } from '../lib/stats.ts';
import { BOARDS, BoardFilter, ENTRIES, entryArguments, Metric, Pick } from './leaderboardQuery.ts';
import { intervalOf, type Rank, ranksOf } from './leaderboardTies.ts';

const LeaderboardQuery = z.strictObject({
  filter: BoardFilter,
  metric: Metric,
  pick: Pick,
  first: z
    .int()
    .min(1)
    .max(100)
    .nullish()
    .transform((first) => first ?? 20),
  after: z.string().nullish(),
});

export type LeaderboardInput = z.input<typeof LeaderboardQuery>;

/** An entry of a board with its place among all runs of the board, whatever the filter. */
export type LeaderboardRow = Rank & {
  boardId: number;
  runId: string;
  evaluationId: string;
  value: number;
  items: number;
  /** 95 % Wilson interval in the unit of `value`. */
  interval: Interval;
  /** Place of this row, for `after`. */
  cursor: string;
};

// Each board gives as many rows as fit on the page; boards are few, and their rows stand in an index.
const page = `SELECT b.id AS "boardId", entry.*
FROM boards b CROSS JOIN LATERAL (
  SELECT e.run_id AS "runId", e.evaluation_id AS "evaluationId", e.value, e.items
  FROM board_entries e
  WHERE ${ENTRIES}
    AND (e.value, e.run_id) < (CASE WHEN b.id = $12 THEN $13::float8 ELSE 'Infinity' END, $14::uuid)
  ORDER BY e.value DESC, e.run_id DESC LIMIT $15
) entry
WHERE ${BOARDS} AND b.id <= $12
ORDER BY b.id DESC, entry.value DESC, entry."runId" DESC
LIMIT $15`;

const total = `SELECT count(*) AS total FROM boards b JOIN board_entries e ON ${ENTRIES} WHERE ${BOARDS}`;

/** Without a condition on runs: $7 metric, $8 pick. */
const boardTotal = `SELECT coalesce(sum(v.runs), 0)::int AS total
FROM boards b JOIN board_values v ON v.board_id = b.id AND v.metric = $7 AND v.pick = $8::board_pick
WHERE ${BOARDS}`;

type Row = Omit<LeaderboardRow, 'cursor' | 'interval' | keyof Rank>;

/**
 * One page of runs, best first within each board. Equal values share a rank, and the next one is
 * left out: 1, 1, 3. Runs that are judged while somebody pages neither shift nor repeat the others.
 * @throws ValidationError for an unknown metric, a page size outside 1–100 or a foreign cursor.
 */
export async function readLeaderboard(
  sql: Pool,
  input: LeaderboardInput,
): Promise<{ rows: LeaderboardRow[]; hasNextPage: boolean }> {
  const query = parse(LeaderboardQuery, input);
  const { rows: found } = await sql.query<Row>(page, [
    ...entryArguments(query),
    ...(query.after ? decodeCursor(query.after) : FIRST),
    query.first + 1,
  ]);
  const rows = found.slice(0, query.first);
  const ranks = await ranksOf(sql, query, rows);
  return {
    rows: rows.map((row, index) => ({
      ...row,
      ...(ranks[index] as Rank),
      interval: intervalOf(query.metric, row),
      cursor: encodeCursor(row),
    })),
    hasNextPage: found.length > query.first,
  };
}

/** How many rows all pages have together. */
export async function countLeaderboard(sql: Pool, input: LeaderboardInput): Promise<number> {
  const query = parse(LeaderboardQuery, input);
  const { datasetKey, modelId, evaluatedAfter, evaluatedBefore } = query.filter;
  const countsRuns = datasetKey ?? modelId ?? evaluatedAfter ?? evaluatedBefore ?? null;
  const given = entryArguments(query);
  const { rows } =
    countsRuns === null
      ? await sql.query<{ total: number }>(boardTotal, given.slice(0, 8))
      : await sql.query<{ total: number }>(total, given);
  return rows[0]?.total ?? 0;
}

/** Board, value and run: what the order consists of. */
const Place = z.tuple([z.int32(), z.number(), z.uuid()]);

/** No board has a greater number. */
const FIRST: z.output<typeof Place> = [2 ** 31 - 1, 0, '00000000-0000-0000-0000-000000000000'];

const encodeCursor = ({ boardId, value, runId }: Row): string =>
  Buffer.from(JSON.stringify([boardId, value, runId])).toString('base64url');

function decodeCursor(cursor: string): z.output<typeof Place> {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new ValidationError([
      {
        path: ['after'],
        code: 'BAD_CURSOR',
        message: 'after: This is not a cursor of a leaderboard. Copy `endCursor` of a page.',
      },
    ]);
  }
}
