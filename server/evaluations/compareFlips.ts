/** Items against evaluations: who got what right, and which items nobody agrees on. */
import type { Pool } from 'pg';
import { z } from 'zod';
import { NotFoundError, ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { decodePlace, encodePlace } from './compareItems.ts';
import { keyedItems } from './comparePairs.ts';
import { differencesOf, type Side, selectSides } from './compareSides.ts';

/** Columns of one matrix. */
export const MOST_EVALUATIONS = 20;

export const FlipMatrixQuery = z.strictObject({
  evaluationIds: z
    .array(z.uuid())
    .min(1)
    .max(MOST_EVALUATIONS)
    .refine((ids) => new Set(ids).size === ids.length, {
      message: 'name each evaluation once',
      params: { code: 'DUPLICATE' },
    }),
  first: z.int().min(1).max(100),
  after: z.string().nullish(),
});

export type FlipCell = 'CORRECT' | 'WRONG' | 'UNSCORED';

export type FlipRow = {
  /** Order in dataset or set, from 0. */
  position: number;
  traceId: string | null;
  setItemId: string | null;
  prompt: string;
  expected: string;
  /** One for each evaluation, in the order that was asked for. */
  cells: FlipCell[];
  /** 0 when all agree, 1 when half are right and half are wrong. */
  instability: number;
  /** Place of this row, for `after`. */
  cursor: string;
};

export type FlipPage = { rows: FlipRow[]; hasNextPage: boolean };

const cells = `cells AS (
  SELECT min(position) AS position, min(trace_id::text)::uuid AS trace_id,
         min(set_item_id::text)::uuid AS set_item_id,
         jsonb_object_agg(evaluation_id, correct) FILTER (WHERE error IS NULL) AS said,
         count(*) FILTER (WHERE error IS NULL) AS judged,
         count(*) FILTER (WHERE error IS NULL AND correct) AS correct
  FROM (${keyedItems} WHERE i.evaluation_id = ANY ($1::uuid[])) items
  GROUP BY key
), unstable AS (
  SELECT *, coalesce(2.0 * least(correct, judged - correct) / nullif(judged, 0), 0)::float8
         AS instability
  FROM cells
)`;

const page = `WITH ${cells}, page AS (
  SELECT *, -instability AS stability FROM unstable
  WHERE $2::float8 IS NULL OR (-instability, position) > ($2, $3::int)
  ORDER BY -instability, position LIMIT $4
)
SELECT page.position, page.instability, page.said, page.trace_id AS "traceId",
       page.set_item_id AS "setItemId",
       coalesce(s.prompt, t.payload->>'prompt') AS prompt,
       coalesce(s.expected_answer, t.payload->>'final_answer') AS expected
FROM page
LEFT JOIN evaluation_set_items s ON s.id = page.set_item_id
LEFT JOIN traces t ON t.id = page.trace_id
ORDER BY page.stability, page.position`;

const total = `WITH ${cells}
  SELECT count(*)::int AS items, count(*) FILTER (WHERE instability > 0)::int AS unstable
  FROM unstable`;

type Row = Omit<FlipRow, 'cells' | 'cursor'> & { said: Record<string, boolean> | null };

/**
 * One page of the items of several comparable evaluations, the most unstable first.
 * @throws NotFoundError, ValidationError
 */
export async function readFlips(
  sql: Pool,
  input: z.input<typeof FlipMatrixQuery>,
): Promise<FlipPage> {
  const { evaluationIds, first, after } = parse(FlipMatrixQuery, input);
  const place = after ? decodePlace(after).slice(1) : [null, null];
  await requireComparable(sql, evaluationIds);
  const { rows } = await sql.query<Row>(page, [evaluationIds, ...place, first + 1]);
  return {
    rows: rows.slice(0, first).map(({ said, ...row }) => ({
      ...row,
      cells: evaluationIds.map((id) => cellOf(said?.[id])),
      cursor: encodePlace([0, -row.instability, row.position]),
    })),
    hasNextPage: rows.length > first,
  };
}

/** How many items there are in all, and those on which evaluations disagree. */
export async function countFlipRows(
  sql: Pool,
  evaluationIds: readonly string[],
): Promise<{ items: number; unstable: number }> {
  const { rows } = await sql.query<{ items: number; unstable: number }>(total, [evaluationIds]);
  return rows[0] ?? { items: 0, unstable: 0 };
}

const cellOf = (correct: boolean | undefined): FlipCell =>
  correct === undefined ? 'UNSCORED' : correct ? 'CORRECT' : 'WRONG';

async function requireComparable(sql: Pool, ids: readonly string[]): Promise<void> {
  const { rows } = await sql.query<Side>(`${selectSides} WHERE e.id = ANY ($1::uuid[])`, [ids]);
  const sides = ids.map((id) => rows.find((side) => side.id === id));
  for (const [index, side] of sides.entries()) {
    if (!side) {
      throw new NotFoundError('Evaluation', `There is no evaluation ${ids[index]}.`);
    }
    const [difference] = sides[0] ? differencesOf(sides[0], side) : [];
    if (difference !== undefined) {
      throw new ValidationError([
        {
          path: ['evaluationIds', String(index)],
          code: 'NOT_COMPARABLE',
          message: `evaluationIds.${index}: This one cannot be compared with the first. ${difference}`,
        },
      ]);
    }
  }
}
