import { Anchor, Drawer } from '@mantine/core';
import '@mantine/core/styles/Drawer.css';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatMetric, formatSigned } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { useUrlState } from '../lib/url.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Table } from '../ui/Table.tsx';
import css from './CheckTable.module.css';
import { CheckVerdict } from './CheckVerdict.tsx';
import { OutcomeTag } from './OutcomeTag.tsx';
import { VerdictTag } from './VerdictTag.tsx';

const CheckTable_Check = graphql(`
  fragment CheckTable_Check on Check {
    id
    verdict
    outcome
    baselineValue
    candidateValue
    delta
    deltaPercent
    createdAt
    reasons
    evaluation {
      id
      run {
        id
        number
      }
    }
    ...CheckVerdict_Check
  }
`);

/** Verdicts, newest first; one opens with all it rests on. */
export function CheckTable(props: { checks: readonly FragmentType<typeof CheckTable_Check>[] }) {
  const checks = read(CheckTable_Check, props.checks);
  const [url, setUrl] = useUrlState('check');
  const opened = checks.find(({ id }) => id === url.check);
  if (checks.length === 0) {
    return (
      <EmptyState title="No checks yet">Check a run above, or from the gate in CI.</EmptyState>
    );
  }
  return (
    <>
      <Table
        caption="Checks"
        testId="checks-table"
        columns={[
          { name: 'Run' },
          { name: 'Verdict' },
          { name: 'Gate' },
          { name: 'Change', numeric: true, wide: true },
          { name: 'Why', wide: true },
          { name: 'Checked', numeric: true, wide: true },
        ]}
      >
        <tbody>
          {checks.map((check) => (
            <tr key={check.id}>
              <td className={css.links}>
                <TextLink to={paths.evaluation(check.evaluation.id)}>
                  #{check.evaluation.run.number}
                </TextLink>
                <br />
                <Anchor
                  component="button"
                  type="button"
                  inherit
                  onClick={() => setUrl({ check: check.id }, true)}
                  aria-label={`Details of the check of run ${check.evaluation.run.number}`}
                  data-testid="open-check"
                >
                  Details
                </Anchor>
              </td>
              <td>
                <VerdictTag verdict={check.verdict} />
              </td>
              <td>
                <OutcomeTag outcome={check.outcome} />
              </td>
              <td
                data-numeric
                data-wide
                title={`${formatMetric(check.baselineValue)} → ${formatMetric(check.candidateValue)}`}
              >
                {formatSigned(check.delta)}
                {check.deltaPercent !== null && ` (${formatSigned(check.deltaPercent, 1)} %)`}
              </td>
              <td data-wide>{check.reasons[0]}</td>
              <td data-numeric data-wide>
                <Ago at={check.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setUrl({ check: undefined })}
        position="right"
        size="lg"
        title="Check"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && <CheckVerdict check={opened} />}
      </Drawer>
    </>
  );
}
