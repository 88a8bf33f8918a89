import type { RunMode } from '../gql/graphql.ts';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatDuration } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import type { Column } from '../ui/Table.tsx';
import { RunProgress } from './RunProgress.tsx';
import { RunStatusBadge } from './RunStatusBadge.tsx';

const RunRow_Run = graphql(`
  fragment RunRow_Run on Run {
    id
    number
    name
    modelId
    mode
    createdAt
    durationSeconds
    dataset {
      id
      key
    }
    ...RunStatusBadge_Run
    ...RunProgress_Run
  }
`);

export const RUN_COLUMNS: readonly Column[] = [
  { name: 'Run' },
  { name: 'Status' },
  { name: 'Progress' },
  { name: 'Dataset', wide: true },
  { name: 'Model', wide: true },
  { name: 'Mode', wide: true },
  { name: 'Duration', numeric: true, wide: true },
  { name: 'Created', numeric: true },
];

const MODES = { LOCAL: 'Local', DRY_RUN: 'Dry run', EXTERNAL: 'External' } as const;

export const modeLabel = (mode: RunMode): string => MODES[mode];

export function RunRow(props: { run: FragmentType<typeof RunRow_Run> }) {
  const run = read(RunRow_Run, props.run);
  return (
    <tr data-testid="run-row" data-number={run.number}>
      <td data-keep>
        <TextLink to={paths.run(run.number)}>
          #{run.number}
          {run.name ? ` ${run.name}` : ''}
        </TextLink>
      </td>
      <td>
        <RunStatusBadge run={run} />
      </td>
      <td>
        <RunProgress run={run} />
      </td>
      <td data-wide data-keep>
        {run.dataset ? (
          <TextLink to={paths.dataset(run.dataset.key)} mono>
            {run.dataset.key}
          </TextLink>
        ) : (
          '–'
        )}
      </td>
      <td data-wide data-keep>
        <Mono>{run.modelId}</Mono>
      </td>
      <td data-wide data-keep>
        {modeLabel(run.mode)}
      </td>
      <td data-numeric data-wide>
        {formatDuration(run.durationSeconds)}
      </td>
      <td data-numeric>
        <Ago at={run.createdAt} />
      </td>
    </tr>
  );
}
