import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { describeError } from '../lib/describeError.ts';
import { formatMetric, formatSigned, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Table } from '../ui/Table.tsx';
import { OutcomeTag } from './OutcomeTag.tsx';
import { type PolicyForm, policyFaults, toPolicy } from './policyForm.ts';
import { VerdictTag } from './VerdictTag.tsx';

const BacktestTable_Query = graphql(`
  query BacktestTable_Query($input: BacktestBaselineInput!, $last: Int) {
    backtestBaseline(input: $input, last: $last) {
      verdict
      outcome
      delta
      deltaPercent
      candidateValue
      reasons
      evaluation {
        id
        run {
          id
          number
          name
        }
      }
    }
  }
`);

const OUTCOMES = ['PASS', 'WARN', 'FAIL'] as const;
const WORDS = { PASS: 'let through', WARN: 'warned about', FAIL: 'stopped' } as const;

/** What a policy would have done to the evaluations that came last. Nothing is stored. */
export function BacktestTable(props: { baseline: string; policy: PolicyForm; last: number }) {
  const [policy] = useDebouncedValue(props.policy, 400);
  const isWhole = Object.keys(policyFaults(policy)).length === 0;
  const [{ data, error, fetching }] = useQuery({
    query: BacktestTable_Query,
    variables: { input: { baseline: props.baseline, ...toPolicy(policy) }, last: props.last },
    pause: !isWhole,
    requestPolicy: 'network-only',
  });
  if (error) {
    return (
      <div style={{ padding: 16 }}>
        <Notice tone="bad">{describeError(error).message}</Notice>
      </div>
    );
  }
  if (!data) return fetching ? <LoadingRows rows={4} /> : null;
  const rows = data.backtestBaseline;
  if (rows.length === 0) {
    return (
      <EmptyState title="Nothing to try it on">
        No other evaluation was made like the pinned one yet.
      </EmptyState>
    );
  }
  const summary = OUTCOMES.map(
    (outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${WORDS[outcome]}`);
  return (
    <div aria-busy={fetching} style={{ opacity: fetching ? 0.6 : 1 }} data-testid="backtest">
      <p style={{ margin: 0, padding: '10px 16px' }} role="status">
        On the last {plural(rows.length, 'evaluation')}: {summary.join(', ')}.
      </p>
      <Table
        caption="What would have happened"
        columns={[
          { name: 'Run' },
          { name: 'Change', numeric: true },
          { name: 'Verdict' },
          { name: 'Gate' },
        ]}
      >
        <tbody>
          {rows.map((row) => (
            <tr key={row.evaluation.id} data-testid="backtest-row">
              <td style={{ minWidth: 140 }}>
                <TextLink to={paths.evaluation(row.evaluation.id)}>
                  #{row.evaluation.run.number} {row.evaluation.run.name ?? ''}
                </TextLink>
                <details>
                  <summary>Why</summary>
                  {row.reasons.join(' ')}
                </details>
              </td>
              <td data-numeric title={`Its value is ${formatMetric(row.candidateValue)}`}>
                {formatSigned(row.delta)}
              </td>
              <td>
                <VerdictTag verdict={row.verdict} />
              </td>
              <td>
                <OutcomeTag outcome={row.outcome} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
