import type { CheckOutcome } from '../gql/graphql.ts';
import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

const LOOK: Record<CheckOutcome, { label: string; tone: Tone; icon: IconName }> = {
  PASS: { label: 'passes', tone: 'good', icon: 'check' },
  WARN: { label: 'warns', tone: 'warn', icon: 'warn' },
  FAIL: { label: 'stops', tone: 'bad', icon: 'stop' },
};

/** What a gate does with a verdict by its policy. */
export function OutcomeTag(props: { outcome: CheckOutcome }) {
  const look = LOOK[props.outcome];
  return (
    <span data-testid="outcome" data-outcome={props.outcome}>
      <Tag tone={look.tone} icon={look.icon}>
        Gate {look.label}
      </Tag>
    </span>
  );
}
