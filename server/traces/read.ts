import type { Pool } from 'pg';
import { z } from 'zod';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { decodeCursor, encodeCursor, KEY_TYPES, type Place, type Sort } from './cursor.ts';
import { bind, hasText, type TraceFilter } from './filter.ts';
import { toQuery } from './search.ts';
import { type Source, sourceOf, where } from './source.ts';

/** How many hits are ranked, the newest first. */
export const RANKED_HITS = 10_000;

const COLUMNS = {
  STEP_COUNT: 't.step_count',
  TOTAL_CHARS: 't.total_chars',
  BASELINE_SCORE: 't.baseline_score',
  RELEVANCE: 't.rank',
} as const;

const TraceOrder = z
  .strictObject({
    by: z.enum(Object.keys(KEY_TYPES) as [Sort, ...Sort[]]).nullish(),
    direction: z.enum(['ASC', 'DESC']).nullish(),
  })
  .nullish()
  .transform((order) => ({ by: order?.by ?? 'CREATED_AT', direction: order?.direction ?? 'DESC' }));

const size = z.int().min(1).max(100).nullish();

/** Forwards with `first` and `after`, backwards with `last` and `before`; 20 without a size. */
const PageArgs = z.object({
  orderBy: TraceOrder,
  first: size,
  after: z.string().nullish(),
  last: size,
  before: z.string().nullish(),
});

/** One page of ids with their cursors, and whether there is more in the direction of reading. */
export type TracePage = {
  rows: { id: string; cursor: string }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
};

type Row = { id: string; key: Date | string | number };

/** The newest `RANKED_HITS` of a text among the traces of a filter, with their ranks. */
function rankedHits(filter: TraceFilter, params: unknown[]): Source {
  if (!hasText(filter)) {
    const message = 'orderBy.by: RELEVANCE ranks by words. Give filter.text, or sort otherwise.';
    throw new ValidationError([{ path: ['orderBy', 'by'], code: 'REQUIRED', message }]);
  }
  const { from, conditions } = sourceOf(filter, params, false);
  const query = toQuery(bind(params, filter.text));
  const hits = `
    SELECT s.trace_id AS id, s.created_at, ts_rank_cd(s.document, ${query})::float8 AS rank
    FROM (SELECT s.* FROM ${from} ${where(conditions)}
      ORDER BY s.created_at DESC, s.trace_id DESC LIMIT ${RANKED_HITS}) AS s`;
  return { from: `(${hits}) AS t`, conditions: [], id: 't.id', createdAt: 't.created_at' };
}

/**
 * One page of the traces of a filter by keyset: what it costs does not depend on its depth, and rows
 * that come in meanwhile move nothing. Only ids and sort values are read.
 * @throws ValidationError for a size outside 1–100, a foreign cursor, or RELEVANCE without a text.
 */
export async function readTracePage(
  sql: Pool,
  filter: TraceFilter,
  input: z.input<typeof PageArgs>,
): Promise<TracePage> {
  const args = parse(PageArgs, input);
  const { by, direction } = args.orderBy;
  const backwards = (args.last ?? args.before ?? null) !== null;
  const limit = args.first ?? args.last ?? 20;
  const params: unknown[] = [];
  const { from, conditions, id, createdAt } =
    by === 'RELEVANCE' ? rankedHits(filter, params) : sourceOf(filter, params, by !== 'CREATED_AT');
  const column = by === 'CREATED_AT' ? createdAt : COLUMNS[by];
  const descends = (direction === 'DESC') !== backwards;
  const place = placeOf(args, by);
  if (place) {
    const beyond = `(${bind(params, place.key)}::${KEY_TYPES[by]}, ${bind(params, place.id)}::uuid)`;
    conditions.push(`(${column}, ${id}) ${descends ? '<' : '>'} ${beyond}`);
  }
  const order = descends ? 'DESC' : 'ASC';
  const { rows: found } = await sql.query<Row>(
    `SELECT ${id} AS id, ${column} AS key FROM ${from} ${where(conditions)}
     ORDER BY ${column} ${order}, ${id} ${order} LIMIT ${limit + 1}`,
    params,
  );
  const page = found.slice(0, limit);
  if (backwards) page.reverse();
  const hasMore = found.length > limit;
  return {
    rows: page.map((row) => ({ id: row.id, cursor: encodeCursor(by, toPlace(row)) })),
    hasNextPage: backwards ? Boolean(args.before) : hasMore,
    hasPreviousPage: backwards ? hasMore : Boolean(args.after),
  };
}

function placeOf({ after, before }: z.output<typeof PageArgs>, by: Sort): Place | null {
  if (after) return decodeCursor(after, by, 'after');
  return before ? decodeCursor(before, by, 'before') : null;
}

const toPlace = ({ id, key }: Row): Place => ({
  id,
  key: key instanceof Date ? key.toISOString() : key,
});

/** How many traces a filter matches. */
export async function countTraces(sql: Pool, filter: TraceFilter): Promise<number> {
  const params: unknown[] = [];
  const { from, conditions } = sourceOf(filter, params, false);
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*) AS count FROM ${from} ${where(conditions)}`,
    params,
  );
  return rows[0]?.count ?? 0;
}
