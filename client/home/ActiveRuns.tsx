import { type FragmentType, graphql, read } from '../gql/index.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { RunProgress } from '../runs/RunProgress.tsx';
import { RunStatusBadge } from '../runs/RunStatusBadge.tsx';
import { Mono } from '../ui/Code.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';

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
    ...RunStatusBadge_Run
    ...RunProgress_Run
  }
`);

export function ActiveRuns(props: { runs: readonly FragmentType<typeof ActiveRuns_Run>[] }) {
  const runs = read(ActiveRuns_Run, props.runs);
  if (runs.length === 0) return null;
  return (
    <Section title="Running and queued" flush testId="active-runs">
      <Table
        caption="Running and queued"
        columns={[
          { name: 'Run' },
          { name: 'Status' },
          { name: 'Progress' },
          { name: 'Dataset', wide: true },
          { name: 'Model', wide: true },
        ]}
      >
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
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
                <Mono>{run.dataset?.key ?? '–'}</Mono>
              </td>
              <td data-wide data-keep>
                <Mono>{run.modelId}</Mono>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
