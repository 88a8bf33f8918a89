import { z } from 'zod';
import { Split } from '../../prisma/generated/client/enums.ts';
import { text } from '../lib/text.ts';
import { Meta } from './model.ts';
import { toQuery } from './search.ts';

/** How many values a list of a filter may have. */
const MAX_VALUES = 32;
const MAX_TEXT = 1000;

const values = (max: number) => z.array(text(0, max)).max(MAX_VALUES).nullish();

// PostgreSQL reads what JavaScript writes for these years only.
const moment = z
  .union([z.date(), z.iso.datetime({ offset: true }).transform((value) => new Date(value))])
  .refine(
    (date) => /^(?!0000)\d{4}-/.test(Number.isNaN(date.getTime()) ? '' : date.toISOString()),
    {
      message: 'is not a moment in the years 1 to 9999',
      params: { code: 'BAD_VALUE' },
    },
  )
  .transform((date) => date.toISOString());

const range = <T extends z.ZodType<number>>(number: T) =>
  z
    .strictObject({ min: number.nullish(), max: number.nullish() })
    .refine(({ min, max }) => (min ?? -Infinity) <= (max ?? Infinity), {
      message: 'min is above max, so nothing can lie between; swap them',
      params: { code: 'EMPTY_RANGE' },
    })
    .nullish();

/**
 * Which traces; every given condition must hold, and a list or text without content is none. What
 * comes out is plain JSON: moments are ISO texts.
 */
export const TraceFilter = z
  .strictObject({
    /** Words in prompt, steps and answer, as `websearch_to_tsquery` reads them. */
    text: text(0, MAX_TEXT).nullish(),
    /** Any of these. */
    sources: values(128),
    /** All of these. */
    tags: values(64),
    /** Any of these. */
    versions: values(64),
    /** Inclusive. */
    createdAfter: moment.nullish(),
    /** Exclusive. */
    createdBefore: moment.nullish(),
    steps: range(z.int32()),
    chars: range(z.int32()),
    score: range(z.number()),
    datasetKey: text(0, 200).nullish(),
    split: z.enum(Split).nullish(),
    importId: z.uuid('this is not the id of an import').nullish(),
    /** Equality on top-level keys of `meta`. */
    meta: Meta.nullish(),
  })
  .refine(({ split, datasetKey }) => !split || datasetKey, {
    path: ['split'],
    message: 'a side needs the dataset it is a side of; give datasetKey too',
    params: { code: 'REQUIRED' },
  });

export type TraceFilter = z.output<typeof TraceFilter>;

/** Whether a filter asks for words, so that there is something to rank by and to highlight. */
export const hasText = ({ text: words }: TraceFilter): boolean => Boolean(words?.trim());

type Params = unknown[];

/** Adds a parameter and names it for SQL. */
export const bind = (params: Params, value: unknown): string => `$${params.push(value)}`;

/** `column = $1` for one value, so that an index can give the order, else `column = ANY($1)`. */
function anyOf(column: string, wanted: readonly string[], params: Params): string {
  const [only, ...more] = new Set(wanted);
  if (more.length === 0) return `${column} = ${bind(params, only)}`;
  return `${column} = ANY(${bind(params, [only, ...more])}::text[])`;
}

type Range = { min?: number | null | undefined; max?: number | null | undefined };

const between = (column: string, type: string, given: Range, params: Params): string[] => [
  ...(typeof given.min === 'number' ? [`${column} >= ${bind(params, given.min)}::${type}`] : []),
  ...(typeof given.max === 'number' ? [`${column} <= ${bind(params, given.max)}::${type}`] : []),
];

function inDataset({ datasetKey, split }: TraceFilter, params: Params): string {
  const side = split ? ` AND item.split = ${bind(params, split)}::split` : '';
  return `t.id IN (SELECT item.trace_id FROM dataset_items item
    WHERE item.dataset_id = (SELECT id FROM datasets WHERE key = ${bind(params, datasetKey)})${side})`;
}

/** Containment finds it by the index; equality then refuses objects and lists that have more. */
function metaEquals(meta: Record<string, unknown>, params: Params): string[] {
  const wanted = `${bind(params, JSON.stringify(meta))}::jsonb`;
  return [
    `t.payload -> 'meta' @> ${wanted}`,
    `NOT EXISTS (SELECT FROM jsonb_each(${wanted}) AS wanted
      WHERE wanted.value IS DISTINCT FROM t.payload -> 'meta' -> wanted.key)`,
  ];
}

/**
 * The SQL conditions of a parsed filter over `traces t`, to be joined by AND; their values are
 * added to `params`. Only what is given becomes a condition, so that the planner sees what it has.
 */
export function traceConditions(filter: TraceFilter, params: Params): string[] {
  const { sources, tags, versions, createdAfter, createdBefore, steps, chars, score } = filter;
  const { datasetKey, importId, meta } = filter;
  return [
    ...(sources?.length ? [anyOf('t.source', sources, params)] : []),
    ...(tags?.length ? [`t.tags @> ${bind(params, tags)}::text[]`] : []),
    ...(versions?.length ? [anyOf('t.trace_version', versions, params)] : []),
    ...(createdAfter ? [`t.created_at >= ${bind(params, createdAfter)}::timestamptz`] : []),
    ...(createdBefore ? [`t.created_at < ${bind(params, createdBefore)}::timestamptz`] : []),
    ...(steps ? between('t.step_count', 'int', steps, params) : []),
    ...(chars ? between('t.total_chars', 'int', chars, params) : []),
    ...(score ? between('t.baseline_score', 'float8', score, params) : []),
    ...(datasetKey ? [inDataset(filter, params)] : []),
    ...(importId ? [`t.import_session_id = ${bind(params, importId)}::uuid`] : []),
    ...(meta && Object.keys(meta).length > 0 ? metaEquals(meta, params) : []),
    ...(hasText(filter)
      ? [
          `EXISTS (SELECT FROM trace_search s
            WHERE s.trace_id = t.id AND s.document @@ ${toQuery(bind(params, filter.text))})`,
        ]
      : []),
  ];
}
