/**
 * Which traces are meant, in the three forms it has: words of the URL, tokens a person sees and
 * removes one by one, and the filter of the API. Pure: lists, datasets and links share it.
 *
 * In the URL a list is `a,b` (a comma inside a value is `\,`), a range `2..8`, `2..` or `..8`, a day
 * `2026-03-01` in the time zone of the browser, and a key of meta `category=addition`.
 */
import type { Split, TraceFilter } from '../gql/graphql.ts';
import { oneOf } from './url.ts';

export const FILTER_KEYS = [
  'text',
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

export type FilterKey = (typeof FILTER_KEYS)[number];
export type FilterUrl = { [Key in FilterKey]?: string | undefined };

const LISTS: readonly FilterKey[] = ['source', 'tag', 'version', 'meta'];
const SPLITS: readonly Split[] = ['TRAIN', 'EVAL', 'TEST'];

export const joinList = (values: readonly string[]): string =>
  values.map((value) => value.replace(/[\\,]/g, '\\$&')).join(',');

export const splitList = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/(?:\\[\s\S]|[^,\\])+/g)].map(([value]) =>
    value.replace(/\\([\s\S])/g, '$1'),
  );

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

export type Condition = { key: FilterKey; value: string; fault?: string | undefined };

/** One condition for each token: every source is one of its own. The text is no token. */
export const conditionsOf = (url: FilterUrl): Condition[] =>
  FILTER_KEYS.filter((key) => key !== 'text').flatMap((key) => {
    const text = url[key];
    if (!text) return [];
    const values = LISTS.includes(key) ? splitList(text) : [text];
    return values.map((value) => ({ key, value, fault: faultOf(key, value) }));
  });

/** The URL words with one more condition; a list grows, everything else is replaced. */
export function withCondition(url: FilterUrl, { key, value }: Condition): FilterUrl {
  if (!LISTS.includes(key)) return { ...url, [key]: value };
  const values = splitList(url[key]);
  return values.includes(value) ? url : { ...url, [key]: joinList([...values, value]) };
}

/** The URL words without one condition. */
export function withoutCondition(url: FilterUrl, { key, value }: Condition): FilterUrl {
  const rest = LISTS.includes(key) ? splitList(url[key]).filter((word) => word !== value) : [];
  // A split means nothing without its dataset.
  const split = key === 'dataset' ? undefined : url.split;
  return { ...url, split, [key]: rest.length > 0 ? joinList(rest) : undefined };
}

export const hasCondition = (url: FilterUrl, { key, value }: Condition): boolean =>
  conditionsOf(url).some((condition) => condition.key === key && condition.value === value);

/** What a person types before the colon. */
const TYPED: Readonly<Record<string, FilterKey>> = {
  ...Object.fromEntries(FILTER_KEYS.filter((key) => key !== 'text').map((key) => [key, key])),
  import: 'importId',
};

export const TYPED_KEYS = Object.keys(TYPED).filter((word) => word !== 'importId');

const unquote = (word: string) => word.replaceAll('"', '');

/** `tag:gsm8k` and `source:"my notebook"` as a condition; undefined for a word of the text. */
function parseToken(word: string): Condition | undefined {
  const [, name = '', value = ''] = /^([a-zA-Z]+):([\s\S]+)$/.exec(word) ?? [];
  const key = TYPED[name];
  const bare = unquote(value);
  return key && bare ? { key, value: bare, fault: faultOf(key, bare) } : undefined;
}

/**
 * Splits what stands in the search box. A token counts when something follows it, or at the end of
 * everything when `whole`: while it is being typed it is neither a token nor text.
 */
export function parseQuery(typed: string, whole = false) {
  const words = typed.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const isOpen = !whole && !/\s$/.test(typed);
  const conditions: Condition[] = [];
  const text: string[] = [];
  let draft: string | undefined;
  for (const [index, word] of words.entries()) {
    const isKey = /^([a-zA-Z]+):/.exec(word)?.[1] ?? '';
    const token = parseToken(word);
    if (isOpen && index === words.length - 1 && TYPED[isKey]) draft = word;
    else if (token) conditions.push(token);
    else text.push(word);
  }
  return { text: text.join(' '), conditions, draft };
}
