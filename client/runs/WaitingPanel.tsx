import type { PendingReasonCode } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './WaitingPanel.module.css';

const WaitingPanel_Run = graphql(`
  fragment WaitingPanel_Run on Run {
    id
    status
    queuedAt
    queuePosition
    pendingReasons {
      code
      message
    }
  }
`);

/** What can be done about each reason, and where; nothing when waiting is all. */
const REMEDIES: Partial<Record<PendingReasonCode, string>> = {
  NO_RUNNER: 'Connect a runner',
  MISSING_LABEL: 'See which labels the runners have',
  MISSING_MODEL: 'See which runners are connected',
  NOT_READY: 'See what the runners miss',
  QUEUE_PAUSED: 'Resume the queue',
  RUNNER_DRAINING: 'Let the runner take work again',
  RUNNERS_BUSY: 'See what the runners do',
};

/** Why a run still waits, since when, at which place, and what would help. */
export function WaitingPanel(props: { run: FragmentType<typeof WaitingPanel_Run> }) {
  const run = read(WaitingPanel_Run, props.run);
  if (run.status !== 'PENDING') return null;
  const { queuePosition } = run;
  return (
    <Notice tone="info" title="Why it is waiting" testId="waiting">
      <ul className={css.reasons}>
        {run.pendingReasons.map(({ code, message }) => (
          <li key={`${code} ${message}`}>
            <Ticked text={message} />{' '}
            {REMEDIES[code] && <TextLink to={paths.runners()}>{REMEDIES[code]}</TextLink>}
          </li>
        ))}
        <li>
          {typeof queuePosition === 'number' && `Number ${queuePosition + 1} in the queue. `}
          It began to wait <Ago at={run.queuedAt} />.
        </li>
      </ul>
    </Notice>
  );
}
