import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Ago } from '../ui/Ago.tsx';
import { Section } from '../ui/Section.tsx';
import { ComparedTable } from './ComparedTable.tsx';
import type { ComparedRun } from './comparedRuns.ts';

const ROWS: readonly (readonly [name: string, value: (run: ComparedRun) => ReactNode])[] = [
  ['Status', (run) => <RunStatusBadge run={run} />],
  ['Created', (run) => <Ago at={run.createdAt} />],
  ['Duration', (run) => formatDuration(run.durationSeconds)],
  [
    'Steps',
    ({ progress }) =>
      progress ? `${formatCount(progress.step)} of ${formatCount(progress.totalSteps)}` : '–',
  ],
  [
    'Dataset',
    ({ dataset }) =>
      dataset ? <TextLink to={paths.dataset(dataset.key)}>{dataset.key}</TextLink> : '–',
  ],
  ['Model', (run) => run.modelId],
  [
    'Artifacts',
    ({ artifacts }) => {
      const bytes = artifacts.reduce((sum, { size }) => sum + Number(size), 0);
      return artifacts.length > 0
        ? `${plural(artifacts.length, 'file')}, ${formatBytes(bytes)}`
        : '–';
    },
  ],
];

/** Neighbouring datasets that are not the same, for a look at what lies between them. */
function datasetPairs(runs: readonly ComparedRun[]) {
  const keys = [...new Set(runs.flatMap(({ dataset }) => dataset?.key ?? []))];
  return keys.slice(1).map((to, index) => ({ from: keys[index] ?? to, to }));
}

/** How the runs went, one column each. */
export function ComparedFacts(props: { runs: readonly ComparedRun[] }) {
  const { runs } = props;
  return (
    <Section
      title="Runs"
      flush
      aside={datasetPairs(runs).map((pair) => (
        <TextLink key={pair.to} to={paths.datasetDiff(pair)} testId="dataset-diff">
          What lies between {pair.from} and {pair.to}
        </TextLink>
      ))}
    >
      <ComparedTable
        caption="Compared runs"
        runs={runs}
        rows={ROWS.map(([name, value]) => ({ key: name, name, cells: runs.map(value) }))}
      />
    </Section>
  );
}
