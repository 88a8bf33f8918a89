/** Pages of items with both outputs, those that broke first. */
import type { Pool } from 'pg';
import { z } from 'zod';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { type Compared, FLIP_KINDS, type FlipKind, pairsOf } from './comparePairs.ts';

export const ComparedItemsQuery = z.strictObject({
  /** All when empty. */
  kinds: z.array(z.enum(FLIP_KINDS)).max(FLIP_KINDS.length),
  first: z.int().min(1).max(100),
  after: z.string().nullish(),
});

export type ComparedItem = {
  kind: FlipKind;
  /** Order in dataset or set, from 0. */
  position: number;
  /** The position on each side; null where the item is missing. */
  baselinePosition: number | null;
  candidatePosition: number | null;
  traceId: string | null;
  setItemId: string | null;
  prompt: string;
  expected: string;
  /** What was generated; null where nothing was. */
  baselineText: string | null;
  candidateText: string | null;
  /** Place of this row, for `after`. */
  cursor: string;
};

// Sorted and cut before anything long is read. Every part of the order ascends, so that one row
// comparison finds the next page: kinds, then the largest loss of score, then position.
const page = `WITH ${pairsOf}, ranked AS (
  SELECT *, array_position($3::text[], kind) AS rank,
         coalesce(candidate_score - baseline_score, 0) AS change
  FROM pairs WHERE kind = ANY ($4::text[])
), page AS (
  SELECT * FROM ranked
  WHERE $5::int IS NULL OR (rank, change, position) > ($5, $6::float8, $7::int)
  ORDER BY rank, change, position LIMIT $8
)
SELECT page.kind, page.position, page.rank, page.change,
       page.baseline_position AS "baselinePosition", page.candidate_position AS "candidatePosition",
       coalesce(b.trace_id, c.trace_id) AS "traceId",
       coalesce(b.set_item_id, c.set_item_id) AS "setItemId",
       coalesce(s.prompt, t.payload->>'prompt') AS prompt,
       coalesce(s.expected_answer, t.payload->>'final_answer') AS expected,
       bp.text AS "baselineText", cp.text AS "candidateText"
FROM page
LEFT JOIN evaluation_items b ON b.evaluation_id = $1 AND b.position = page.baseline_position
LEFT JOIN evaluation_items c ON c.evaluation_id = $2 AND c.position = page.candidate_position
LEFT JOIN predictions bp ON bp.id = b.prediction_id
LEFT JOIN predictions cp ON cp.id = c.prediction_id
LEFT JOIN evaluation_set_items s ON s.id = coalesce(b.set_item_id, c.set_item_id)
LEFT JOIN traces t ON t.id = coalesce(b.trace_id, c.trace_id)
ORDER BY page.rank, page.change, page.position`;

type Row = Omit<ComparedItem, 'cursor'> & { rank: number; change: number };

/**
 * One page of the items of two evaluations with the same target: BROKEN first, and in each kind
 * those that lost most.
 * @throws ValidationError for a page size outside 1–100 or a foreign cursor.
 */
export async function readComparedItems(
  sql: Pool,
  { baseline, candidate }: Compared,
  input: z.input<typeof ComparedItemsQuery>,
): Promise<{ items: ComparedItem[]; hasNextPage: boolean }> {
  const { kinds, first, after } = parse(ComparedItemsQuery, input);
  const place = after ? decodePlace(after) : [null, null, null];
  const { rows } = await sql.query<Row>(page, [
    baseline,
    candidate,
    FLIP_KINDS,
    kinds.length > 0 ? kinds : FLIP_KINDS,
    ...place,
    first + 1,
  ]);
  const items = rows.slice(0, first).map(({ rank, change, ...item }) => ({
    ...item,
    cursor: encodePlace([rank, change, item.position]),
  }));
  return { items, hasNextPage: rows.length > first };
}

const Place = z.tuple([z.int32(), z.number(), z.int32()]);

/** Where a row stands: three numbers in the order of its list. */
export type Place = z.output<typeof Place>;

export const encodePlace = (place: Place): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws ValidationError when it is no cursor of such a list. */
export function decodePlace(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new ValidationError([
      {
        path: ['after'],
        code: 'BAD_CURSOR',
        message: 'after: This is no cursor of this list. Copy `endCursor` of one of its pages.',
      },
    ]);
  }
}
