/** The items of two evaluations side by side. */
import type { Pool } from 'pg';
import type { Slices } from './outputs.ts';

/** What became of an item from baseline to candidate, in the order in which lists show them. */
export const FLIP_KINDS = ['BROKEN', 'FIXED', 'BOTH_RIGHT', 'BOTH_WRONG', 'UNSCORED'] as const;

export type FlipKind = (typeof FLIP_KINDS)[number];

/** Two evaluations by uuid. */
export type Compared = { baseline: string; candidate: string };

/**
 * What makes two items the same, as `key`: the trace, or the id that the author of an evaluation
 * set gave it, since copies of a set have rows of their own.
 */
export const keyedItems = `
  SELECT i.*, coalesce(i.trace_id::text, s.item_id) AS key, s.section, s.category, s.difficulty
  FROM evaluation_items i
  LEFT JOIN evaluation_set_items s ON s.id = i.set_item_id`;

/**
 * `pairs`: one row for each item of the evaluations $1 and $2. What only one has, or what could not
 * be judged on one of them, is UNSCORED.
 */
export const pairsOf = `pairs AS (
  SELECT coalesce(b.position, c.position) AS position,
         b.position AS baseline_position, c.position AS candidate_position,
         b.correct AS baseline_correct, c.correct AS candidate_correct,
         b.score AS baseline_score, c.score AS candidate_score,
         coalesce(b.section, c.section) AS section, coalesce(b.category, c.category) AS category,
         coalesce(b.difficulty, c.difficulty) AS difficulty,
         CASE
           WHEN b.position IS NULL OR c.position IS NULL
             OR b.error IS NOT NULL OR c.error IS NOT NULL THEN 'UNSCORED'
           WHEN b.correct THEN CASE WHEN c.correct THEN 'BOTH_RIGHT' ELSE 'BROKEN' END
           ELSE CASE WHEN c.correct THEN 'FIXED' ELSE 'BOTH_WRONG' END
         END AS kind
  FROM (${keyedItems} WHERE i.evaluation_id = $1) b
  FULL JOIN (${keyedItems} WHERE i.evaluation_id = $2) c ON c.key = b.key
)`;

/** One item that was judged on both sides. Scores are 0–1. */
export type ItemPair = Slices & {
  baselineScore: number;
  candidateScore: number;
  baselineCorrect: boolean;
  candidateCorrect: boolean;
};

export type ReadPairs = {
  /** In their order, so that what is drawn for them can be repeated. */
  pairs: ItemPair[];
  /** Items that were judged on one side at most. */
  unscored: number;
};

const read = `WITH ${pairsOf}
  SELECT baseline_score AS "baselineScore", candidate_score AS "candidateScore",
         baseline_correct AS "baselineCorrect", candidate_correct AS "candidateCorrect",
         section, category, difficulty, kind
  FROM pairs ORDER BY position, kind`;

/** Every item of two evaluations that was judged on both sides, and how many were not. */
export async function readPairs(sql: Pool, { baseline, candidate }: Compared): Promise<ReadPairs> {
  const { rows } = await sql.query<ItemPair & { kind: FlipKind }>(read, [baseline, candidate]);
  const pairs = rows.filter(({ kind }) => kind !== 'UNSCORED');
  return { pairs, unscored: rows.length - pairs.length };
}

const count = `WITH ${pairsOf} SELECT kind, count(*)::int AS items FROM pairs GROUP BY kind`;

/** How many items there are of each kind. */
export async function countFlips(
  sql: Pool,
  { baseline, candidate }: Compared,
): Promise<Record<FlipKind, number>> {
  const { rows } = await sql.query<{ kind: FlipKind; items: number }>(count, [baseline, candidate]);
  return { ...NO_FLIPS, ...Object.fromEntries(rows.map(({ kind, items }) => [kind, items])) };
}

/** The counts of two evaluations that cannot be compared. */
export const NO_FLIPS: Record<FlipKind, number> = {
  BROKEN: 0,
  FIXED: 0,
  BOTH_RIGHT: 0,
  BOTH_WRONG: 0,
  UNSCORED: 0,
};
