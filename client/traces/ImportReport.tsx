import { Stack, Text } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { Mono } from '../ui/Code.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Table } from '../ui/Table.tsx';
import css from './ImportReport.module.css';

const ImportReport_Session = graphql(`
  fragment ImportReport_Session on ImportSession {
    id
    status
    error
    lines
    stored
    duplicates
    rejected
    report {
      line
      byteOffset
      code
      message
      path
      excerpt
    }
  }
`);

const COLUMNS = [
  { name: 'Line', numeric: true },
  { name: 'Code' },
  { name: 'Problem' },
  { name: 'Text', wide: true },
];

/** What became of the lines of an import: counts, and every refused line with its reason. */
export function ImportReport(props: { session: FragmentType<typeof ImportReport_Session> }) {
  const session = read(ImportReport_Session, props.session);
  const { lines, stored, duplicates, rejected, report, error, status } = session;
  const isBad = status === 'FAILED' || (lines > 0 && stored + duplicates === 0);
  const isPartial = rejected > 0 || status !== 'COMPLETED';
  return (
    <Stack gap="md" data-testid="import-report">
      <Notice
        tone={isBad ? 'bad' : isPartial ? 'warn' : 'good'}
        title={`${plural(stored, 'new trace')} of ${plural(lines, 'line')}`}
      >
        {plural(duplicates, 'line')} already known, {formatCount(rejected)} refused.
        {status === 'CANCELLED' && ' The import was cancelled; what was read before is stored.'}
        {error && ` ${error}`}
      </Notice>
      {report.length > 0 && (
        <div className={css.scroll}>
          <Table caption="Refused lines" columns={COLUMNS}>
            <tbody>
              {report.map((issue, index) => (
                <tr key={index}>
                  <td data-numeric>{formatCount(issue.line)}</td>
                  <td>
                    <Mono>{issue.code}</Mono>
                  </td>
                  <td className={css.problem}>
                    {issue.path.length > 0 && <Mono>{issue.path.join('.')} </Mono>}
                    {issue.message}
                  </td>
                  <td data-wide>
                    <div className={css.excerpt} title={issue.excerpt ?? undefined}>
                      {issue.excerpt}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {report.length < rejected && (
        <Text size="xs" c="dimmed">
          The first {formatCount(report.length)} refused lines are listed.
        </Text>
      )}
    </Stack>
  );
}
