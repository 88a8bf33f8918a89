import type { RunStatus } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import type { IconName } from '../ui/Icon.tsx';
import { Tag, type Tone } from '../ui/Tag.tsx';

const RunStatusBadge_Run = graphql(`
  fragment RunStatusBadge_Run on Run {
    id
    status
    error
    cancelRequestedAt
  }
`);

const LOOK: Record<RunStatus, { label: string; tone: Tone; icon: IconName; busy?: true }> = {
  PENDING: { label: 'Queued', tone: 'idle', icon: 'clock' },
  RUNNING: { label: 'Running', tone: 'info', icon: 'spin', busy: true },
  COMPLETED: { label: 'Completed', tone: 'good', icon: 'check' },
  FAILED: { label: 'Failed', tone: 'bad', icon: 'cross' },
  TIMEOUT: { label: 'Timed out', tone: 'bad', icon: 'clock' },
  CANCELLED: { label: 'Cancelled', tone: 'warn', icon: 'stop' },
};

export const statusLabel = (status: RunStatus): string => LOOK[status].label;
export const statusTone = (status: RunStatus): Tone => LOOK[status].tone;
export const isFinal = (status: RunStatus): boolean => status !== 'PENDING' && status !== 'RUNNING';

export function RunStatusBadge(props: { run: FragmentType<typeof RunStatusBadge_Run> }) {
  const run = read(RunStatusBadge_Run, props.run);
  const look = LOOK[run.status];
  // A request is not a status: it still runs, and says that it was asked to stop.
  const stopping = run.cancelRequestedAt !== null && !isFinal(run.status);
  return (
    <span data-testid="run-status" data-status={run.status}>
      <Tag
        tone={stopping ? 'warn' : look.tone}
        icon={look.icon}
        busy={look.busy}
        title={run.error ?? undefined}
      >
        {stopping ? 'Stopping' : look.label}
      </Tag>
    </span>
  );
}
