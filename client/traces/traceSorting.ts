/** The order of the list as a word of the URL: `steps`, `steps:asc`; without one, the best first. */
import type { SortDirection, TraceSort } from '../gql/graphql.ts';

export type TraceSorting = { by: TraceSort; direction: SortDirection };

const WORDS: Record<TraceSort, string> = {
  CREATED_AT: 'added',
  STEP_COUNT: 'steps',
  TOTAL_CHARS: 'chars',
  BASELINE_SCORE: 'score',
  RELEVANCE: 'relevance',
};

const SORTS = Object.keys(WORDS) as TraceSort[];

const defaultSort = (hasText: boolean): TraceSort => (hasText ? 'RELEVANCE' : 'CREATED_AT');

/** Relevance means nothing without a text, whatever an old link says. */
export function sortingFromUrl(word: string | undefined, hasText: boolean): TraceSorting {
  const [name, direction] = (word ?? '').split(':');
  const named = SORTS.find((sort) => WORDS[sort] === name);
  const by = named && (hasText || named !== 'RELEVANCE') ? named : defaultSort(hasText);
  return { by, direction: by === named && direction === 'asc' ? 'ASC' : 'DESC' };
}

/** Nothing for the default, so that plain links stay plain. */
export function sortingToUrl({ by, direction }: TraceSorting, hasText: boolean) {
  if (direction === 'ASC') return `${WORDS[by]}:asc`;
  return by === defaultSort(hasText) ? undefined : WORDS[by];
}

/** What a click on a head means: another column downwards first, the same one the other way. */
export const sortedBy = (before: TraceSorting, by: TraceSort): TraceSorting => ({
  by,
  direction: before.by === by && before.direction === 'DESC' ? 'ASC' : 'DESC',
});

/** For the menu of a phone. */
export const SORT_NAMES: Record<TraceSort, string> = {
  RELEVANCE: 'Most relevant',
  CREATED_AT: 'Added',
  STEP_COUNT: 'Steps',
  TOTAL_CHARS: 'Characters',
  BASELINE_SCORE: 'Score',
};
