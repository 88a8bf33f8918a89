import type { Split } from '../gql/graphql.ts';

/** What an evaluation judged, in words: an evaluation set, or one side of a dataset. */
export function judgedOn(evaluation: {
  split: Split | null;
  dataset: { key: string } | null;
  evaluationSet: { key: string } | null;
}): string {
  const { split, dataset, evaluationSet } = evaluation;
  if (evaluationSet) return `evaluation set ${evaluationSet.key}`;
  return `${(split ?? '').toLowerCase()} items of ${dataset?.key ?? 'a dataset'}`;
}
