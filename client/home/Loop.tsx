import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import css from './Loop.module.css';

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
  }
`);

type Column = {
  name: string;
  icon: IconName;
  to: string;
  count: number;
  at?: string | null;
  note?: string;
  /** What the step before has and this one lacks. */
  stuck?: string;
};

const isNewer = (a: string | null | undefined, b: string | null | undefined) =>
  Boolean(a) && (!b || Date.parse(a ?? '') > Date.parse(b));

export function Loop(props: { overview: FragmentType<typeof Loop_Overview> }) {
  const overview = read(Loop_Overview, props.overview);
  const { runningCount: running, pendingCount: waiting } = overview;
  const columns: Column[] = [
    {
      name: 'Traces',
      icon: 'traces',
      to: paths.traces(),
      count: overview.traceCount,
      at: overview.lastTraceAt,
    },
    {
      name: 'Datasets',
      icon: 'datasets',
      to: paths.datasets(),
      count: overview.datasetCount,
      at: overview.lastDatasetAt,
      stuck: isNewer(overview.lastTraceAt, overview.lastDatasetAt)
        ? 'new traces in no dataset'
        : undefined,
    },
    {
      name: 'Runs',
      icon: 'runs',
      to: paths.runs(),
      count: overview.runCount,
      at: overview.lastRunAt,
      note: running + waiting > 0 ? `${running} running, ${waiting} queued` : undefined,
      stuck: isNewer(overview.lastDatasetAt, overview.lastRunAt)
        ? 'newest dataset not trained'
        : undefined,
    },
    {
      name: 'Evaluations',
      icon: 'board',
      to: paths.leaderboard(),
      count: overview.evaluationCount,
      at: overview.lastEvaluationAt,
    },
    {
      name: 'Baselines',
      icon: 'baseline',
      to: paths.baselines(),
      count: overview.baselineCount,
      note: overview.baselineCount > 0 ? plural(overview.checkCount, 'check') : undefined,
      stuck: overview.evaluationCount > 0 && overview.baselineCount === 0 ? 'none set' : undefined,
    },
  ];
  return (
    <ol className={css.loop} aria-label="The loop" data-testid="loop">
      {columns.map((column) => (
        <li key={column.name} className={css.step}>
          <Link to={column.to} className={css.column} data-stuck={column.stuck ? true : undefined}>
            <span className={css.name}>
              <Icon name={column.icon} size={14} /> {column.name}
            </span>
            <span className={css.count}>{formatCount(column.count)}</span>
            <span className={css.note}>
              {column.stuck ? (
                <span className={css.stuck}>
                  <Icon name="warn" size={12} /> {column.stuck}
                </span>
              ) : (
                (column.note ?? (column.at ? <Ago at={column.at} /> : 'nothing yet'))
              )}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
