import type { Pool } from 'pg';
import { z } from 'zod';
import { Split } from '../../prisma/generated/client/enums.ts';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { type Interval, wilsonInterval } from '../lib/stats.ts';
import { text } from '../lib/text.ts';

/** Metrics to rank by, all better when higher, with the size of their scale. */
const SCALES = { score: 100, primary_score: 1, accuracy: 1 } as const;

type Metric = keyof typeof SCALES;

export const LeaderboardQuery = z.strictObject({
  filter: z
    .strictObject({
      /** Of runs on this dataset, whatever they are judged on. */
      datasetKey: text(0, 200).nullish(),
      evaluationSetKey: text(0, 200).nullish(),
      split: z.enum(Split).nullish(),
      /** `name` or `name@version`. */
      judge: text(0, 80).nullish(),
      modelId: text(0, 256).nullish(),
    })
    .nullish()
    .transform((filter) => filter ?? {}),
  metric: z
    .string()
    .nullish()
    .transform((metric) => metric ?? 'score')
    .pipe(z.enum(Object.keys(SCALES) as [Metric, ...Metric[]])),
  first: z
    .int()
    .min(1)
    .max(100)
    .nullish()
    .transform((first) => first ?? 20),
  after: z.string().nullish(),
});

export type LeaderboardRow = {
  rank: number;
  runId: string;
  evaluationId: string;
  value: number;
  /** 95 % Wilson interval in the unit of `value`. */
  interval: Interval | null;
  /** Place of this row, for `after`. */
  cursor: string;
};

/**
 * The newest completed evaluation of each run per (items, side, judge, version), where the items are
 * those of an evaluation set, or else of a side of a dataset: what shares all four can be compared
 * and is ranked together. A set has no sides.
 */
const latest = `judged AS (
  SELECT e.*, (e.metrics->>$7)::float8 AS value,
    coalesce(s.id, d.id) AS items_id, coalesce(e.split::text, '') COLLATE "C" AS side,
    (extract(epoch FROM coalesce(s.created_at, d.created_at)) * 1000)::bigint AS items_time
  FROM evaluations e
  JOIN runs r ON r.id = e.run_id
  JOIN datasets d ON d.id = e.dataset_id
  LEFT JOIN evaluation_sets s ON s.id = e.evaluation_set_id
  WHERE e.status = 'COMPLETED'
    AND ($1::text IS NULL OR d.key = $1)
    AND ($2::text IS NULL OR s.key = $2)
    AND ($3::split IS NULL OR e.split = $3)
    AND ($4::text IS NULL OR e.judge = $4)
    AND ($5::int IS NULL OR e.judge_version = $5)
    AND ($6::text IS NULL OR r.model_id = $6)
), latest AS (
  SELECT DISTINCT ON (run_id, items_id, side, judge, judge_version) * FROM judged
  ORDER BY run_id, items_id, side, judge, judge_version, created_at DESC, id DESC
)`;

// Every part of the order ascends, negated where needed, so that one row comparison finds the next
// page: sets and datasets newest first, newest judge version first, best value first.
const page = `WITH ${latest}, ranked AS (
  SELECT *, -items_time AS age, -judge_version AS recency, -value AS worse,
    rank() OVER (PARTITION BY items_id, side, judge, judge_version ORDER BY value DESC) AS rank
  FROM latest WHERE value IS NOT NULL
)
SELECT rank, run_id, id, value, item_count, correct_count,
  age, items_id, side, judge, recency, worse
FROM ranked
WHERE $8::bigint IS NULL
  OR (age, items_id, side, judge, recency, worse, id)
   > ($8, $9::uuid, $10::text, $11::text, $12::int, $13::float8, $14::uuid)
ORDER BY age, items_id, side, judge, recency, worse, id
LIMIT $15`;

const total = `WITH ${latest} SELECT count(*) AS total FROM latest WHERE value IS NOT NULL`;

type Row = {
  rank: number;
  run_id: string;
  id: string;
  value: number;
  item_count: number;
  correct_count: number;
} & Record<'age' | 'items_id' | 'side' | 'judge' | 'recency' | 'worse', string | number>;

/**
 * One page of runs, best first within each group of comparable evaluations. Equal values share a
 * rank, and the next one is left out: 1, 1, 3.
 * @throws ValidationError for an unknown metric, a page size outside 1–100 or a foreign cursor.
 */
export async function readLeaderboard(
  sql: Pool,
  input: z.input<typeof LeaderboardQuery>,
): Promise<{ rows: LeaderboardRow[]; hasNextPage: boolean }> {
  const query = parse(LeaderboardQuery, input);
  const after = query.after ? decodeCursor(query.after) : Array<null>(7).fill(null);
  const found = await sql.query<Row>(page, [...filtersOf(query), ...after, query.first + 1]);
  const rows = found.rows.slice(0, query.first).map((row) => toRow(row, query.metric));
  return { rows, hasNextPage: found.rows.length > query.first };
}

/** How many rows all pages have together. */
export async function countLeaderboard(
  sql: Pool,
  input: z.input<typeof LeaderboardQuery>,
): Promise<number> {
  const { rows } = await sql.query<{ total: number }>(
    total,
    filtersOf(parse(LeaderboardQuery, input)),
  );
  return rows[0]?.total ?? 0;
}

function filtersOf({ filter, metric }: z.output<typeof LeaderboardQuery>) {
  const [judge, version] = filter.judge?.split('@') ?? [];
  // A version that is none matches nothing.
  const number = version === undefined ? null : /^\d{1,9}$/.test(version) ? Number(version) : -1;
  return [
    filter.datasetKey ?? null,
    filter.evaluationSetKey ?? null,
    filter.split ?? null,
    judge ?? null,
    number,
    filter.modelId ?? null,
    metric,
  ];
}

function toRow(row: Row, metric: Metric): LeaderboardRow {
  const interval = wilsonInterval(row.correct_count, row.item_count);
  const scale = SCALES[metric];
  return {
    rank: row.rank,
    runId: row.run_id,
    evaluationId: row.id,
    value: row.value,
    interval: interval && { low: interval.low * scale, high: interval.high * scale },
    cursor: encodeCursor(row),
  };
}

const Place = z.tuple([
  z.int(),
  z.uuid(),
  z.enum(Split).or(z.literal('')),
  text(1, 64),
  z.int32(),
  z.number(),
  z.uuid(),
]);

function encodeCursor(row: Row): string {
  const { age, items_id, side, judge, recency, worse, id } = row;
  const place = [age, items_id, side, judge, recency, worse, id];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

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
