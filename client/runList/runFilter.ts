/** Which runs are meant and in which order: words of the URL, tokens, and the filter of the API. */
import type { FailureCode, RunFilter, RunMode, RunSort, RunStatus } from '../gql/graphql.ts';
import { filterWords, splitList, type Words } from '../lib/filterWords.ts';
import { oneOf } from '../lib/url.ts';

const CONDITIONS = [
  'status',
  'dataset',
  'set',
  'model',
  'mode',
  'label',
  'failure',
  'archived',
] as const;

export const RUN_FILTER_KEYS = ['text', ...CONDITIONS] as const;

export type RunFilterKey = (typeof CONDITIONS)[number];
export type RunFilterUrl = Words<RunFilterKey>;

export const CONDITION_NAMES: Record<RunFilterKey, string> = {
  status: 'status',
  dataset: 'dataset',
  set: 'evaluation set',
  model: 'model',
  mode: 'mode',
  label: 'label',
  failure: 'failure',
  archived: 'archived',
};

export const STATUSES: readonly RunStatus[] = [
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'TIMEOUT',
  'CANCELLED',
];
export const MODES: readonly RunMode[] = ['LOCAL', 'DRY_RUN', 'EXTERNAL'];
export const FAILURES: readonly FailureCode[] = [
  'OUT_OF_MEMORY',
  'NAN_LOSS',
  'MISSING_TOKEN',
  'BAD_LORA_PATTERN',
  'COMPILE_STALL',
  'DISK_FULL',
  'MODEL_NOT_FOUND',
  'PYTHON_ENVIRONMENT',
  'SEQUENCE_TOO_LONG',
  'CHECKPOINT_MISMATCH',
  'RUNNER_LOST',
  'KILLED',
  'TIMEOUT',
  'PYTHON_ERROR',
  'UNKNOWN',
];

/** Words are read in any case, with dashes or underscores. */
const known = <Word extends string>(words: readonly Word[], text: string): Word | undefined =>
  oneOf(words, text.toUpperCase().replaceAll('-', '_'));

const written = (words: readonly string[]) =>
  words.map((word) => word.toLowerCase().replaceAll('_', '-')).join(', ');

function faultOf(key: RunFilterKey, value: string): string | undefined {
  const choices = { status: STATUSES, mode: MODES, failure: FAILURES, archived: ['YES'] } as const;
  if (!(key in choices)) return undefined;
  const words: readonly string[] = choices[key as keyof typeof choices];
  return known(words, value) ? undefined : `Write ${written(words)}`;
}

export const runWords = filterWords<RunFilterKey>({
  keys: CONDITIONS,
  lists: ['status'],
  faultOf,
});

/** The filter of the API. What has a fault is left out: its token says so. */
export function toRunFilter(url: RunFilterUrl): RunFilter {
  const statuses = splitList(url.status).flatMap((word) => known(STATUSES, word) ?? []);
  const filter: RunFilter = {
    text: url.text,
    status: statuses.length > 0 ? statuses : undefined,
    datasetKey: url.dataset,
    evaluationSetKey: url.set,
    modelId: url.model,
    mode: known(MODES, url.mode ?? ''),
    label: url.label,
    failureCode: known(FAILURES, url.failure ?? ''),
    archived: known(['YES'], url.archived ?? '') ? true : undefined,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

export const SORT_NAMES: Record<RunSort, string> = {
  NEWEST: 'Newest',
  OLDEST: 'Oldest',
  PRIORITY: 'Priority',
  LONGEST: 'Longest',
  RECENTLY_FINISHED: 'Just finished',
};
export const SORTS = Object.keys(SORT_NAMES) as RunSort[];

export const toRunSort = (word: string | undefined): RunSort =>
  known(SORTS, word ?? '') ?? 'NEWEST';

/** The order as a word of the URL; the usual one needs none. */
export const sortWord = (sort: RunSort): string | undefined =>
  sort === 'NEWEST' ? undefined : sort.toLowerCase();
