import type { Verdict } from '../gql/graphql.ts';
import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

export const VERDICTS: Record<Verdict, { label: string; tone: Tone; icon: IconName }> = {
  PASS: { label: 'Pass', tone: 'good', icon: 'check' },
  REGRESSED: { label: 'Regressed', tone: 'bad', icon: 'down' },
  INCONCLUSIVE: { label: 'Inconclusive', tone: 'warn', icon: 'equal' },
  NOT_COMPARABLE: { label: 'Not comparable', tone: 'idle', icon: 'cross' },
};

export function VerdictTag(props: { verdict: Verdict }) {
  const look = VERDICTS[props.verdict];
  return (
    <span data-testid="verdict" data-verdict={props.verdict}>
      <Tag tone={look.tone} icon={look.icon}>
        {look.label}
      </Tag>
    </span>
  );
}
