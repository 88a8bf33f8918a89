/** Reads of boards: which there are, where a run stands on them, and which cannot be compared. */
import type { Pool } from 'pg';
import { z } from 'zod';
import type { BoardPick, Split } from '../../prisma/generated/client/enums.ts';
import { parse } from '../lib/parse.ts';
import type { Interval } from '../lib/stats.ts';
import { judgeRef } from './judges/registry.ts';
import { Metric, Pick } from './leaderboardQuery.ts';
import { intervalOf, type Rank, ranksOf } from './leaderboardTies.ts';

export type BoardRow = {
  id: number;
  /** sha256 of what is judged and of the settings. */
  targetHash: string;
  datasetId: string | null;
  split: Split | null;
  evaluationSetId: string | null;
  judge: string;
  judgeVersion: number;
  settings: unknown;
  /** How many runs it ranks by score. */
  runs: number;
  /** When its newest evaluation was placed. */
  changedAt: Date;
};

const COLUMNS = `b.id, b.target_hash AS "targetHash", b.dataset_id AS "datasetId", b.split,
  b.evaluation_set_id AS "evaluationSetId", b.judge, b.judge_version AS "judgeVersion", b.settings,
  b.changed_at AS "changedAt", (SELECT coalesce(sum(v.runs), 0)::int FROM board_values v
    WHERE v.board_id = b.id AND v.metric = 'score' AND v.pick = 'LATEST') AS runs`;

/** A page of boards before `before`, newest first. */
export async function listBoards(sql: Pool, before: number, first: number): Promise<BoardRow[]> {
  const { rows } = await sql.query<BoardRow>(
    `SELECT ${COLUMNS} FROM boards b WHERE b.id < $1 ORDER BY b.id DESC LIMIT $2`,
    [before, first],
  );
  return rows;
}

/** Boards by number, in no order. */
export async function readBoards(sql: Pool, ids: readonly number[]): Promise<BoardRow[]> {
  const { rows } = await sql.query<BoardRow>(
    `SELECT ${COLUMNS} FROM boards b WHERE b.id = ANY($1)`,
    [ids],
  );
  return rows;
}

export type RunRank = Rank & {
  boardId: number;
  evaluationId: string;
  value: number;
  items: number;
  interval: Interval;
  /** How many runs the board has. */
  of: number;
};

const RankQuery = z.strictObject({ runId: z.uuid(), metric: Metric, pick: Pick });

/** Where a run stands on each of its boards, newest board first. */
export async function readRunRanks(
  sql: Pool,
  input: z.input<typeof RankQuery>,
): Promise<RunRank[]> {
  const { runId, metric, pick } = parse(RankQuery, input);
  const { rows } = await sql.query<Omit<RunRank, keyof Rank | 'interval'>>(
    `SELECT e.board_id AS "boardId", e.evaluation_id AS "evaluationId", e.value, e.items,
       (SELECT sum(v.runs)::int FROM board_values v WHERE v.board_id = e.board_id
          AND v.metric = e.metric AND v.pick = e.pick) AS of
     FROM board_entries e WHERE e.run_id = $1 AND e.metric = $2 AND e.pick = $3::board_pick
     ORDER BY e.board_id DESC`,
    [runId, metric, pick],
  );
  const ranks = await ranksOf(sql, { metric, pick } as { metric: string; pick: BoardPick }, rows);
  return rows.map((row, index) => ({
    ...row,
    ...(ranks[index] as Rank),
    interval: intervalOf(metric, row),
  }));
}

export type Incomparable = { board: BoardRow; reasons: string[] };

const MOST = 50;

// Versions of a dataset or set share its name.
const related = `WITH this AS (
  SELECT b.*, coalesce(s.name, d.name) AS name, coalesce(s.content_hash, d.content_hash) AS content
  FROM boards b LEFT JOIN evaluation_sets s ON s.id = b.evaluation_set_id
    LEFT JOIN datasets d ON d.id = b.dataset_id
  WHERE b.id = $1
)
SELECT ${COLUMNS}, coalesce(s.key, d.key) AS key,
  coalesce(s.content_hash, d.content_hash) <> this.content AS "otherContent",
  b.split IS DISTINCT FROM this.split AS "otherSide",
  b.judge <> this.judge AS "otherJudge",
  b.judge_version <> this.judge_version AS "otherVersion",
  b.settings <> this.settings AS "otherSettings"
FROM this JOIN boards b ON b.id <> this.id AND (b.evaluation_set_id IS NULL) = (this.evaluation_set_id IS NULL)
  LEFT JOIN evaluation_sets s ON s.id = b.evaluation_set_id
  LEFT JOIN datasets d ON d.id = b.dataset_id
WHERE coalesce(s.name, d.name) = this.name OR coalesce(s.content_hash, d.content_hash) = this.content
ORDER BY b.id DESC LIMIT ${MOST}`;

type Differences = Record<
  'otherContent' | 'otherSide' | 'otherJudge' | 'otherVersion' | 'otherSettings',
  boolean
>;

/** Other boards of the same dataset or set, in whatever version, and why they rank apart. */
export async function readIncomparable(sql: Pool, boardId: number): Promise<Incomparable[]> {
  const { rows } = await sql.query<BoardRow & { key: string } & Differences>(related, [boardId]);
  return rows.map(({ key, ...board }) => ({ board, reasons: reasonsOf({ key, ...board }) }));
}

function reasonsOf(board: BoardRow & { key: string } & Differences): string[] {
  const { key, split } = board;
  return [
    ...(board.otherContent ? [`It judges "${key}", which has other items.`] : []),
    ...(board.otherSide ? [`It judges ${split}.`] : []),
    ...(board.otherJudge ? [`Another judge decided: ${judgeRef(nameOf(board))}.`] : []),
    ...(!board.otherJudge && board.otherVersion
      ? [`Another version of the judge decided: ${judgeRef(nameOf(board))}.`]
      : []),
    ...(!board.otherJudge && !board.otherVersion && board.otherSettings
      ? [`The judge was set up otherwise: ${JSON.stringify(board.settings)}.`]
      : []),
  ];
}

const nameOf = ({ judge, judgeVersion }: BoardRow) => ({ name: judge, version: judgeVersion });
