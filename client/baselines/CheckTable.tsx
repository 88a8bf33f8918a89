import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatMetric, formatSigned } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { Table } from '../ui/Table.tsx';
import { VerdictTag } from './VerdictTag.tsx';

const CheckTable_Check = graphql(`
  fragment CheckTable_Check on Check {
    id
    verdict
    reasons
    test
    baselineValue
    candidateValue
    delta
    deltaPercent
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

export function CheckTable(props: { checks: readonly FragmentType<typeof CheckTable_Check>[] }) {
  const checks = read(CheckTable_Check, props.checks);
  if (checks.length === 0) {
    return <div style={{ padding: 16 }}>No run has been checked against it yet.</div>;
  }
  return (
    <Table
      caption="Checks"
      testId="checks-table"
      columns={[
        { name: 'Verdict' },
        { name: 'Run' },
        { name: 'Baseline', numeric: true, wide: true },
        { name: 'Candidate', numeric: true },
        { name: 'Change', numeric: true },
        { name: 'Reasons' },
        { name: 'Checked', numeric: true, wide: true },
      ]}
    >
      <tbody>
        {checks.map((check) => (
          <tr key={check.id}>
            <td>
              <VerdictTag verdict={check.verdict} />
            </td>
            <td>
              <TextLink to={paths.evaluation(check.evaluation.id)}>
                #{check.evaluation.run.number}
              </TextLink>
            </td>
            <td data-numeric data-wide>
              {formatMetric(check.baselineValue)}
            </td>
            <td data-numeric>{formatMetric(check.candidateValue)}</td>
            <td data-numeric>
              {formatSigned(check.delta)}
              {typeof check.deltaPercent === 'number' &&
                ` (${formatSigned(check.deltaPercent, 1)} %)`}
            </td>
            <td style={{ minWidth: 220 }}>
              {check.reasons.join(' ') || '–'}
              <span style={{ color: 'var(--mantine-color-dimmed)' }}> ({check.test})</span>
            </td>
            <td data-numeric data-wide>
              <Ago at={check.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
