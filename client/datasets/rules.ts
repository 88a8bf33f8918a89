/** The rules of a dataset check in plain words, and what a list of counts comes to. */
import type { FindingCode, FindingSeverity } from '../gql/graphql.ts';

export const RULES: Readonly<Record<FindingCode, { name: string; why: string }>> = {
  EXACT_DUPLICATE: {
    name: 'Exact duplicate',
    why: 'The same prompt with the same solution stands here more than once, and counts double.',
  },
  NEAR_DUPLICATE: {
    name: 'Near duplicate',
    why: 'Two items are almost the same text.',
  },
  SPLIT_LEAKAGE: {
    name: 'Leak between sides',
    why: 'Something held out is almost the same as something that is trained on.',
  },
  EVALUATION_LEAKAGE: {
    name: 'Leak of an evaluation set',
    why: 'A question of an evaluation set is trained on, so its score would mean less.',
  },
  TOO_MANY_TOKENS: {
    name: 'Too many tokens',
    why: 'The end is cut off in training, and with it usually the answer.',
  },
  TOO_MANY_CHARS: {
    name: 'Too many characters',
    why: 'Longer than the limit this check was given.',
  },
  EMPTY_STEP: { name: 'Empty step', why: 'A step that says nothing.' },
  REPEATED_STEP: { name: 'Repeated step', why: 'The same step twice in one trace.' },
  ANSWER_NOT_IN_LAST_STEP: {
    name: 'Answer not in the last step',
    why: 'The steps end somewhere else than the final answer.',
  },
};

export const FINDING_CODES = Object.keys(RULES) as readonly FindingCode[];

type Count = {
  readonly severity: FindingSeverity;
  readonly found: number;
  readonly waived: number;
};

/** Findings that nobody has waived, by severity, and how many are waived. */
export function openFindings(counts: readonly Count[]) {
  const open = (severity: FindingSeverity) =>
    counts
      .filter((count) => count.severity === severity)
      .reduce((sum, { found, waived }) => sum + found - waived, 0);
  return {
    errors: open('ERROR'),
    warnings: open('WARNING'),
    waived: counts.reduce((sum, { waived }) => sum + waived, 0),
  };
}
