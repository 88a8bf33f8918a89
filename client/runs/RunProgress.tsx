import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, formatDuration } from '../lib/format.ts';
import { Meter } from '../ui/Meter.tsx';
import { Ticked } from '../ui/Ticked.tsx';
import css from './RunProgress.module.css';
import { isFinal, statusTone } from './RunStatusBadge.tsx';

const RunProgress_Run = graphql(`
  fragment RunProgress_Run on Run {
    id
    number
    status
    progress {
      step
      totalSteps
      percent
      etaSeconds
    }
    pendingReasons {
      code
      message
    }
  }
`);

const waitingText = (reasons: readonly { message: string }[]): string =>
  reasons.map(({ message }) => message).join(' ') || 'waiting for a runner';

/**
 * Bar and one line: step, percent and the time that is left; or why it is still waiting. Where there is
 * no room for one line, `wraps` allows two.
 */
export function RunProgress(props: { run: FragmentType<typeof RunProgress_Run>; wraps?: boolean }) {
  const run = read(RunProgress_Run, props.run);
  if (run.status === 'PENDING') {
    return (
      <p className={css.line}>
        <Ticked text={waitingText(run.pendingReasons)} />
      </p>
    );
  }
  if (!run.progress) {
    return <p className={css.line}>{run.status === 'RUNNING' ? 'preparing' : 'never trained'}</p>;
  }
  const { step, totalSteps, percent, etaSeconds } = run.progress;
  const left =
    !isFinal(run.status) && typeof etaSeconds === 'number' && etaSeconds > 0
      ? ` · ${formatDuration(etaSeconds)} left`
      : '';
  return (
    <div style={{ minWidth: 120 }}>
      <Meter
        percent={percent}
        label={`Progress of run ${run.number}`}
        tone={isFinal(run.status) ? statusTone(run.status) : undefined}
      />
      <p
        className={`${css.line} ${css.steps}`}
        data-wraps={props.wraps || undefined}
        data-live={!isFinal(run.status) || undefined}
        data-testid="run-progress"
      >
        {formatCount(step)} / {formatCount(totalSteps)} steps · {percent.toFixed(0)} %{left}
      </p>
    </div>
  );
}
