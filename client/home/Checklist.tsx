import { Button } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import { Section } from '../ui/Section.tsx';
import css from './Checklist.module.css';

const Checklist_Overview = graphql(`
  fragment Checklist_Overview on Overview {
    traceCount
    datasetCount
    evaluationCount
    baselineCount
    checkCount
  }
`);

/** The first time around the loop, ticked by what is really there. */
export function Checklist(props: {
  overview: FragmentType<typeof Checklist_Overview>;
  hasCompletedRun: boolean;
}) {
  const overview = read(Checklist_Overview, props.overview);
  const [dismissed, setDismissed] = useLocalStorage({
    key: 'tunix-rt-checklist-dismissed',
    defaultValue: false,
  });
  const steps = [
    {
      done: overview.traceCount > 0,
      to: paths.importTraces(),
      name: 'Import traces',
      api: 'POST /import/traces',
    },
    {
      done: overview.datasetCount > 0,
      to: paths.newDataset(),
      name: 'Build a dataset',
      api: 'mutation buildDataset',
    },
    {
      done: props.hasCompletedRun,
      to: paths.newRun(),
      name: 'Train on it and watch the log',
      api: 'mutation createRun, subscription runLogs',
    },
    {
      done: overview.evaluationCount > 0,
      to: paths.leaderboard(),
      name: 'See the evaluation on the leaderboard',
      api: 'query leaderboard',
    },
    {
      done: overview.baselineCount > 0,
      to: paths.leaderboard(),
      name: 'Set a baseline',
      api: 'mutation setBaseline',
    },
    {
      done: overview.checkCount > 0,
      to: paths.baselines(),
      name: 'Check a run against it',
      api: 'mutation checkRegression',
    },
  ];
  const done = steps.filter((step) => step.done).length;
  if (dismissed) return null;
  return (
    <Section
      title={`First time around: ${done} of ${steps.length}`}
      testId="checklist"
      flush
      aside={
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setDismissed(true)}>
          Dismiss
        </Button>
      }
    >
      <ol className={css.list}>
        {steps.map((step) => (
          <li key={step.name} data-done={step.done || undefined}>
            <span className={css.mark} aria-hidden="true">
              {step.done && <Icon name="check" size={12} />}
            </span>
            <TextLink to={step.to}>{step.name}</TextLink>
            <span className={css.state}>{step.done ? 'done' : 'to do'}</span>
            <code className={css.api}>{step.api}</code>
          </li>
        ))}
      </ol>
    </Section>
  );
}
