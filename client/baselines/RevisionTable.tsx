import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatMetric } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Table } from '../ui/Table.tsx';

const RevisionTable_Baseline = graphql(`
  fragment RevisionTable_Baseline on Baseline {
    id
    revision
    metric
    value
    tolerance
    alpha
    onInconclusive
    note
    setBy
    createdAt
    evaluation {
      id
      run {
        id
        number
      }
    }
  }
`);

/** Every revision of a baseline, newest first, with who set it and why. */
export function RevisionTable(props: {
  revisions: readonly FragmentType<typeof RevisionTable_Baseline>[];
}) {
  const revisions = read(RevisionTable_Baseline, props.revisions);
  return (
    <Table
      caption="Revisions"
      testId="revisions-table"
      columns={[
        { name: 'Revision' },
        { name: 'Run' },
        { name: 'Value', numeric: true },
        { name: 'Policy', wide: true },
        { name: 'Note' },
        { name: 'Set', numeric: true },
      ]}
    >
      <tbody>
        {revisions.map((past) => (
          <tr key={past.id}>
            <td>{past.revision}</td>
            <td>
              <TextLink to={paths.evaluation(past.evaluation.id)}>
                #{past.evaluation.run.number}
              </TextLink>
            </td>
            <td data-numeric>
              {past.metric} {formatMetric(past.value)}
            </td>
            <td data-wide>
              {formatMetric(past.tolerance)} %, alpha {past.alpha}, if inconclusive{' '}
              {past.onInconclusive.toLowerCase()}
            </td>
            <td style={{ minWidth: 120 }}>{past.note ?? '–'}</td>
            <td data-numeric>
              <Ago at={past.createdAt} />
              {past.setBy && ` by ${past.setBy}`}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
