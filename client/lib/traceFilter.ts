/**
 * Which traces are meant, in the three forms it has: words of the URL, tokens a person sees and
 * removes one by one, and the filter of the API. Pure: lists, datasets and links share it.
 *
 * In the URL a range is `2..8`, `2..` or `..8`, a day `2026-03-01` in the time zone of the browser, and
 * a key of meta `category=addition`.
 */
import type { Split, TraceFilter } from '../gql/graphql.ts';
import { filterWords, splitList, type Words } from './filterWords.ts';
import { oneOf } from './url.ts';

const CONDITIONS = [
  'source',
  'tag',
  'version',
  'steps',
  'chars',
  'score',
  'after',
  'before',
  'dataset',
  'split',
  'importId',
  'meta',
] as const;

export const FILTER_KEYS = ['text', ...CONDITIONS] as const;

export type FilterKey = (typeof CONDITIONS)[number];
export type FilterUrl = Words<FilterKey>;

const SPLITS: readonly Split[] = ['TRAIN', 'EVAL', 'TEST'];

type Range = { min?: number; max?: number };

/** `2..8`, `2..`, `..8` or `5`; undefined when it is none of them. */
export function parseRange(text: string): Range | undefined {
  const [, min = '', dots, max = ''] =
    /^\s*(\d+(?:\.\d+)?)?\s*(\.\.)?\s*(\d+(?:\.\d+)?)?\s*$/.exec(text) ?? [];
  if (!dots) return min && !max ? { min: Number(min), max: Number(min) } : undefined;
  if (!min && !max) return undefined;
  return { ...(min && { min: Number(min) }), ...(max && { max: Number(max) }) };
}

/** The start of a day of the browser's time zone, or a moment, as ISO 8601. */
function parseDay(text: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text;
  const date = new Date(day);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** `category=addition` and `level=3`: what reads as JSON is meant as JSON. */
function parseMeta(text: string): [key: string, value: unknown] | undefined {
  const at = text.indexOf('=');
  if (at < 1) return undefined;
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

const MAX_INT = 2 ** 31 - 1;

function faultOfRange(range: Range | undefined, whole: boolean): string | undefined {
  if (!range) return 'Write a range: 2..8, 2.. or ..8';
  const ends = [range.min, range.max].filter((end) => end !== undefined);
  if (whole && ends.some((end) => !Number.isInteger(end) || end > MAX_INT)) {
    return 'Write whole numbers: 2..8';
  }
  const [min = 0, max = min] = ends;
  return min > max ? 'Write the smaller number first' : undefined;
}

/** What is wrong with one word, in words for the person who wrote it. */
export function faultOf(key: FilterKey, value: string): string | undefined {
  switch (key) {
    case 'steps':
    case 'chars':
    case 'score':
      return faultOfRange(parseRange(value), key !== 'score');
    case 'after':
    case 'before':
      return parseDay(value) ? undefined : 'Write a day: 2026-03-01';
    case 'meta':
      return parseMeta(value) ? undefined : 'Write a key and its value: category=addition';
    case 'split':
      return oneOf(SPLITS, value) ? undefined : 'Write TRAIN, EVAL or TEST';
    default:
      return undefined;
  }
}

const listOf = (text: string | undefined) => {
  const values = splitList(text);
  return values.length > 0 ? values : undefined;
};

/** The filter of the API. What has a fault is left out: its token says so. */
export function toTraceFilter(url: FilterUrl): TraceFilter {
  const meta = splitList(url.meta).flatMap((word) => {
    const pair = parseMeta(word);
    return pair ? [pair] : [];
  });
  const word = (key: FilterKey) => {
    const text = url[key];
    return text && !faultOf(key, text) ? text : undefined;
  };
  const rangeOf = (key: FilterKey) => parseRange(word(key) ?? '');
  const dayOf = (key: FilterKey) => parseDay(word(key) ?? '');
  const filter: TraceFilter = {
    text: url.text,
    sources: listOf(url.source),
    tags: listOf(url.tag),
    versions: listOf(url.version),
    steps: rangeOf('steps'),
    chars: rangeOf('chars'),
    score: rangeOf('score'),
    createdAfter: dayOf('after'),
    createdBefore: dayOf('before'),
    datasetKey: url.dataset,
    split: url.dataset ? oneOf(SPLITS, url.split) : undefined,
    importId: url.importId,
    meta: meta.length > 0 ? Object.fromEntries(meta) : undefined,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** The conditions on traces, as they are written and shown one by one. */
export const traceWords = filterWords<FilterKey>({
  keys: CONDITIONS,
  lists: ['source', 'tag', 'version', 'meta'],
  needs: { split: 'dataset' },
  typed: { importId: 'import' },
  faultOf,
});
