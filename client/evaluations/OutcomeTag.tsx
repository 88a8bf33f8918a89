import type { ItemOutcome } from '../gql/graphql.ts';
import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

export const OUTCOMES: readonly ItemOutcome[] = ['CORRECT', 'WRONG', 'NO_ANSWER', 'FAILED'];

export const OUTCOME_WORDS: Record<ItemOutcome, string> = {
  CORRECT: 'Correct',
  WRONG: 'Wrong',
  NO_ANSWER: 'No answer',
  FAILED: 'Not judged',
};

const LOOK: Record<ItemOutcome, { tone: Tone; icon: IconName }> = {
  CORRECT: { tone: 'good', icon: 'check' },
  WRONG: { tone: 'bad', icon: 'cross' },
  NO_ANSWER: { tone: 'warn', icon: 'minus' },
  FAILED: { tone: 'idle', icon: 'warn' },
};

export function OutcomeTag(props: { outcome: ItemOutcome }) {
  return <Tag {...LOOK[props.outcome]}>{OUTCOME_WORDS[props.outcome]}</Tag>;
}
