import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatMetric } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { RunProgress } from '../runs/RunProgress.tsx';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Section } from '../ui/Section.tsx';
import { Sparkline } from '../ui/Sparkline.tsx';
import css from './ActiveRuns.module.css';

const ActiveRuns_Run = graphql(`
  fragment ActiveRuns_Run on Run {
    id
    number
    name
    modelId
    dataset {
      id
      key
    }
    metrics(names: ["train/loss"], maxPoints: 40) {
      name
      points {
        step
        value
      }
    }
    attempts {
      attempt
      runner {
        id
        name
      }
    }
    ...RunStatusBadge_Run
    ...RunProgress_Run
  }
`);

function Card(props: { run: FragmentType<typeof ActiveRuns_Run> }) {
  const run = read(ActiveRuns_Run, props.run);
  const points = run.metrics[0]?.points ?? [];
  const last = points.at(-1);
  const runner = run.attempts.at(-1)?.runner.name;
  return (
    <li className={css.card}>
      <div className={css.head}>
        <span className={css.name}>
          <TextLink to={paths.run(run.number)}>
            #{run.number}
            {run.name ? ` ${run.name}` : ''}
          </TextLink>
        </span>
        <RunStatusBadge run={run} />
      </div>
      <RunProgress run={run} wraps />
      <div className={css.facts}>
        {last && (
          <span className={css.loss}>
            <Sparkline
              values={points.map(({ value }) => value)}
              label={`Train loss of run ${run.number}: ${formatMetric(last.value)} at step ${last.step}`}
            />
            <span data-live>loss {formatMetric(last.value)}</span>
          </span>
        )}
        <span className={css.clip} title={`${run.dataset?.key ?? 'no dataset'}, ${run.modelId}`}>
          {run.dataset?.key ?? 'no dataset'} · {run.modelId}
          {runner && ` · on ${runner}`}
        </span>
      </div>
    </li>
  );
}

/** What runs and what waits, as a strip of cards that follow. */
export function ActiveRuns(props: {
  runs: readonly (FragmentType<typeof ActiveRuns_Run> & { id: string })[];
}) {
  const { runs } = props;
  if (runs.length === 0) return null;
  return (
    <Section title="Running and queued" testId="active-runs">
      <ul className={css.strip}>
        {runs.map((run) => (
          <Card key={run.id} run={run} />
        ))}
      </ul>
    </Section>
  );
}
