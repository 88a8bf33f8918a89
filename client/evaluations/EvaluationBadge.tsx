import type { EvaluationStatus } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

const EvaluationBadge_Evaluation = graphql(`
  fragment EvaluationBadge_Evaluation on Evaluation {
    id
    status
  }
`);

const LOOK: Record<EvaluationStatus, { label: string; tone: Tone; icon: IconName }> = {
  PENDING: { label: 'Waiting', tone: 'idle', icon: 'clock' },
  RUNNING: { label: 'Scoring', tone: 'info', icon: 'spin' },
  COMPLETED: { label: 'Scored', tone: 'good', icon: 'check' },
  FAILED: { label: 'Failed', tone: 'bad', icon: 'cross' },
  CANCELLED: { label: 'Cancelled', tone: 'idle', icon: 'stop' },
};

export function EvaluationBadge(props: {
  evaluation: FragmentType<typeof EvaluationBadge_Evaluation>;
}) {
  const { status } = read(EvaluationBadge_Evaluation, props.evaluation);
  const look = LOOK[status];
  return (
    <Tag tone={look.tone} icon={look.icon} busy={status === 'RUNNING'}>
      {look.label}
    </Tag>
  );
}
