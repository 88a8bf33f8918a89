import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';
import { Ago, useNow } from '../ui/Ago.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import css from './Loop.module.css';
import { type StuckAt, stuckAt } from './stuck.ts';

const Loop_Overview = graphql(`
  fragment Loop_Overview on Overview {
    traceCount
    datasetCount
    runCount
    runningCount
    pendingCount
    evaluationCount
    baselineCount
    checkCount
    lastTraceAt
    lastDatasetAt
    lastRunAt
    lastEvaluationAt
    lastCheckAt
    stuck {
      newTraceCount
      untrainedDataset {
        id
        key
        createdAt
      }
      unevaluatedRunCount
      unevaluatedRun {
        id
        number
      }
      uncheckedEvaluationCount
    }
  }
`);

type Column = {
  name: string;
  icon: IconName;
  to: string;
  count: number;
  at?: string | null;
  note?: string;
  /** What the stage before has and this one lacks. */
  stuck?: StuckAt;
};

/** The stages of the loop; an arrow over which nothing goes on is marked and says why. */
const activeWords = (running: number, waiting: number): string | undefined =>
  [running > 0 && `${running} running`, waiting > 0 && `${waiting} queued`]
    .filter(Boolean)
    .join(', ') || undefined;

export function Loop(props: { overview: FragmentType<typeof Loop_Overview> }) {
  const overview = read(Loop_Overview, props.overview);
  const stuck = stuckAt(overview, useNow(60_000));
  const { runningCount: running, pendingCount: waiting } = overview;
  const columns: Column[] = [
    {
      ...{ name: 'Traces', icon: 'traces', to: paths.traces() },
      ...{ count: overview.traceCount, at: overview.lastTraceAt },
    },
    {
      ...{ name: 'Datasets', icon: 'datasets', to: paths.datasets() },
      ...{ count: overview.datasetCount, at: overview.lastDatasetAt, stuck: stuck.datasets },
    },
    {
      ...{ name: 'Runs', icon: 'runs', to: paths.runs() },
      ...{ count: overview.runCount, at: overview.lastRunAt, stuck: stuck.runs },
      note: activeWords(running, waiting),
    },
    {
      ...{ name: 'Evaluations', icon: 'board', to: paths.leaderboard() },
      ...{ count: overview.evaluationCount, at: overview.lastEvaluationAt },
      stuck: stuck.evaluations,
    },
    {
      ...{ name: 'Baselines', icon: 'baseline', to: paths.baselines() },
      ...{ count: overview.baselineCount, at: overview.lastCheckAt, stuck: stuck.baselines },
      note: overview.checkCount > 0 ? plural(overview.checkCount, 'check') : undefined,
    },
  ];
  return (
    <ol className={css.loop} aria-label="The loop" data-testid="loop">
      {columns.map(({ name, icon, to, count, at, note, stuck: lacks }) => (
        <li key={name} className={css.step} data-stuck={lacks ? true : undefined}>
          <Link to={to} className={css.column}>
            <span className={css.name}>
              <Icon name={icon} size={14} /> {name}
            </span>
            <span className={css.count} data-live>
              {formatCount(count)}
            </span>
            <span className={css.note}>
              {note && (
                <>
                  <span data-live>{note}</span> ·{' '}
                </>
              )}
              {at ? <Ago at={at} /> : 'nothing yet'}
            </span>
          </Link>
          {lacks && (
            <Link to={lacks.to} className={css.stuck} data-testid="stuck">
              <Icon name="warn" size={12} /> {lacks.text}
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}
