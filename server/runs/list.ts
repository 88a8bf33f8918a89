/** Lists of runs: filtered, sorted, page by page. */
import type { Pool } from 'pg';
import { z } from 'zod';
import { RunMode, RunStatus } from '../../prisma/generated/client/enums.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';
import { FAILURE_CODES } from './failures/failureRules.ts';
import { decodeRunCursor, encodeRunCursor, orderOf, type RunSort } from './listOrder.ts';

/** Which runs; every given condition must hold, and a text without content is none. */
const RunFilter = z.strictObject({
  status: z.array(z.enum(RunStatus)).nullish(),
  mode: z.enum(RunMode).nullish(),
  datasetKey: text(0, 200).nullish(),
  evaluationSetKey: text(0, 200).nullish(),
  modelId: text(0, 256).nullish(),
  /** Stands, in any case, in name, dataset key, model or error; or is the number, with or without #. */
  text: text(0, 200).nullish(),
  /** Null: both; those that are not archived when not given. */
  archived: z.boolean().nullable().default(false),
  /** What a runner must offer to take it. */
  label: text(0, 128).nullish(),
  failureCode: z.enum(FAILURE_CODES).nullish(),
  parentId: z.uuid('this is not the id of a run').nullish(),
});

export type RunFilter = z.input<typeof RunFilter>;

const size = z.int().min(1).max(100).nullish();

/** Forwards with `first` and `after`, backwards with `last` and `before`; 20 without a size. */
const PageArgs = z.object({
  first: size,
  after: z.string().nullish(),
  last: size,
  before: z.string().nullish(),
});

/** One page of ids with their cursors, and whether there is more on either side. */
export type RunPage = {
  rows: { id: string; cursor: string }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
};

type Params = unknown[];

const bind = (params: Params, value: unknown): string => `$${params.push(value)}`;

/** A text as LIKE reads it, with nothing in it that stands for anything else. */
const literally = (value: string): string => `%${value.replace(/[\\%_]/g, String.raw`\$&`)}%`;

function textCondition(params: Params, value: string): string {
  const pattern = bind(params, literally(value));
  const fields = ['r.name', 'r.model_id', 'r.error'].map((field) => `${field} ILIKE ${pattern}`);
  const number = /^#?(\d{1,9})$/.exec(value)?.[1];
  return `(${[
    ...fields,
    `r.dataset_id IN (SELECT id FROM datasets WHERE key ILIKE ${pattern})`,
    ...(number ? [`r.number = ${bind(params, Number(number))}`] : []),
  ].join(' OR ')})`;
}

function conditionsOf(input: RunFilter, params: Params): string[] {
  const filter = parse(RunFilter, input);
  const { archived, status } = filter;
  const keyed = (table: string, key: string) =>
    `(SELECT id FROM ${table} WHERE key = ${bind(params, key)})`;
  const words = filter.text?.trim();
  return [
    ...(archived === null ? [] : [`r.archived_at IS ${archived ? 'NOT ' : ''}NULL`]),
    ...(status ? [`r.status = ANY(${bind(params, status)}::run_status[])`] : []),
    ...(filter.mode ? [`r.mode = ${bind(params, filter.mode)}::run_mode`] : []),
    ...(filter.datasetKey ? [`r.dataset_id = ${keyed('datasets', filter.datasetKey)}`] : []),
    ...(filter.evaluationSetKey
      ? [`r.evaluation_set_id = ${keyed('evaluation_sets', filter.evaluationSetKey)}`]
      : []),
    ...(filter.modelId ? [`r.model_id = ${bind(params, filter.modelId)}`] : []),
    ...(filter.label ? [`${bind(params, filter.label)} = ANY(r.required_labels)`] : []),
    ...(filter.failureCode ? [`r.failure_code = ${bind(params, filter.failureCode)}`] : []),
    ...(filter.parentId ? [`r.parent_id = ${bind(params, filter.parentId)}::uuid`] : []),
    ...(words ? [textCondition(params, words)] : []),
  ];
}

const where = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';

type Row = { id: string; key: Date | number };

const toText = (key: Date | number): string =>
  key instanceof Date ? key.toISOString() : String(key);

/**
 * One page of the runs of a filter by keyset: runs that come in meanwhile move nothing, and a run
 * that changes its place does not move the page after it.
 * @throws ValidationError for a condition or size beyond its limit, or a cursor of another list.
 */
export async function readRunPage(
  sql: Pool,
  filter: RunFilter,
  sort: RunSort,
  input: z.input<typeof PageArgs>,
): Promise<RunPage> {
  const args = parse(PageArgs, input);
  const backwards = (args.last ?? args.before ?? null) !== null;
  const limit = args.first ?? args.last ?? 20;
  const { key, type, descends } = orderOf(sort);
  const params: Params = [];
  const conditions = conditionsOf(filter, params);
  const name = backwards ? 'before' : 'after';
  const cursor = args[name];
  const downwards = descends !== backwards;
  if (cursor) {
    const place = decodeRunCursor(cursor, sort, name);
    const beyond = `(${bind(params, place.key)}::${type}, ${bind(params, place.id)}::uuid)`;
    conditions.push(`(${key}, r.id) ${downwards ? '<' : '>'} ${beyond}`);
  }
  const direction = downwards ? 'DESC' : 'ASC';
  const { rows: found } = await sql.query<Row>(
    `SELECT r.id, ${key} AS key FROM runs r ${where(conditions)}
     ORDER BY ${key} ${direction}, r.id ${direction} LIMIT ${limit + 1}`,
    params,
  );
  const page = found.slice(0, limit);
  if (backwards) page.reverse();
  const hasMore = found.length > limit;
  return {
    rows: page.map((row) => ({
      id: row.id,
      cursor: encodeRunCursor(sort, { id: row.id, key: toText(row.key) }),
    })),
    hasNextPage: backwards ? Boolean(cursor) : hasMore,
    hasPreviousPage: backwards ? hasMore : Boolean(cursor),
  };
}

/** How many runs a filter matches. */
export async function countRuns(sql: Pool, filter: RunFilter): Promise<number> {
  const params: Params = [];
  const conditions = conditionsOf(filter, params);
  const { rows } = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM runs r ${where(conditions)}`,
    params,
  );
  return rows[0]?.count ?? 0;
}
