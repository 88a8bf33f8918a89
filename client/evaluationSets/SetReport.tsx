import { Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Table } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import css from './SetReport.module.css';

const SetReport_Report = graphql(`
  fragment SetReport_Report on EvaluationSetReport {
    valid
    itemCount
    issues {
      line
      itemId
      severity
      code
      path
      message
    }
  }
`);

/** A file may be wrong everywhere; the first lines say enough. */
const SHOWN = 200;

/** What is wrong with the lines, errors and warnings, by line. */
export function SetReport(props: {
  report: FragmentType<typeof SetReport_Report>;
  fresh: boolean;
}) {
  const { valid, itemCount, issues } = read(SetReport_Report, props.report);
  const errors = issues.filter(({ severity }) => severity === 'ERROR').length;
  return (
    <div style={{ opacity: props.fresh ? 1 : 0.6 }} aria-busy={!props.fresh}>
      <div className={css.head} role="status">
        <Tag tone={valid ? 'good' : 'bad'} icon={valid ? 'check' : 'cross'} testId="set-verdict">
          {valid ? 'Can be stored' : plural(errors, 'error')}
        </Tag>
        <Text size="sm">
          {plural(itemCount, 'item')}
          {issues.length > errors && `, ${plural(issues.length - errors, 'warning')}`}
        </Text>
      </div>
      {issues.length > 0 && (
        <div className={css.list}>
          <Table
            caption="Issues"
            testId="set-issues"
            columns={[{ name: 'Line', numeric: true }, { name: 'Kind' }, { name: 'What is wrong' }]}
          >
            <tbody>
              {issues.slice(0, SHOWN).map((issue, index) => (
                <tr key={index} data-testid="set-issue">
                  <td data-numeric>{issue.line === null ? 'all' : formatCount(issue.line)}</td>
                  <td>
                    {issue.severity === 'ERROR' ? (
                      <Tag tone="bad" icon="cross">
                        Error
                      </Tag>
                    ) : (
                      <Tag tone="warn" icon="warn">
                        Warning
                      </Tag>
                    )}
                  </td>
                  <td className={css.message}>
                    {issue.itemId && <code>{issue.itemId} </code>}
                    {issue.message}
                    <div className={css.code}>{[issue.code, ...issue.path].join(' · ')}</div>
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {issues.length > SHOWN && (
        <Text size="xs" c="dimmed" p="sm">
          and {plural(issues.length - SHOWN, 'more issue')}
        </Text>
      )}
    </div>
  );
}
