import type { ImportStatus } from '../gql/graphql.ts';
import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

const LOOK: Record<ImportStatus, { tone: Tone; icon: IconName; word: string }> = {
  RUNNING: { tone: 'info', icon: 'spin', word: 'Running' },
  COMPLETED: { tone: 'good', icon: 'check', word: 'Complete' },
  FAILED: { tone: 'bad', icon: 'cross', word: 'Failed' },
  CANCELLED: { tone: 'idle', icon: 'stop', word: 'Cancelled' },
  INTERRUPTED: { tone: 'warn', icon: 'warn', word: 'Interrupted' },
};

export function ImportStatusTag(props: { status: ImportStatus }) {
  const { tone, icon, word } = LOOK[props.status];
  return (
    <Tag tone={tone} icon={icon} busy={props.status === 'RUNNING'} testId="import-status">
      {word}
    </Tag>
  );
}
