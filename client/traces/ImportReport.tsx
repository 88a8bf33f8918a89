import { Button, Group, Stack, Text } from '@mantine/core';
import { formatCount, plural } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Table } from '../ui/Table.tsx';
import type { ImportResult } from './importTraces.ts';

export function ImportReport(props: {
  result: ImportResult;
  onAgain: () => void;
  onClose: () => void;
}) {
  const { result } = props;
  const allBad = result.stored + result.duplicates === 0;
  return (
    <Stack gap="md" data-testid="import-report">
      <Notice
        tone={result.rejected === 0 ? 'good' : allBad ? 'bad' : 'warn'}
        title={`${plural(result.stored, 'new trace')} of ${plural(result.lines, 'line')}`}
      >
        {plural(result.duplicates, 'line')} already known, {formatCount(result.rejected)} refused.
      </Notice>
      {result.report.length > 0 && (
        <div style={{ maxHeight: 320, overflow: 'auto' }}>
          <Table
            caption="Refused lines"
            columns={[{ name: 'Line', numeric: true }, { name: 'Code' }, { name: 'Problem' }]}
          >
            <tbody>
              {result.report.map((issue, index) => (
                <tr key={index}>
                  <td data-numeric>{formatCount(issue.line)}</td>
                  <td>
                    <Mono>{issue.code}</Mono>
                  </td>
                  <td style={{ overflowWrap: 'anywhere' }}>
                    {issue.path?.length ? <Mono>{issue.path.join('.')} </Mono> : null}
                    {issue.message}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {result.report.length < result.rejected && (
        <Text size="xs" c="dimmed">
          The first {formatCount(result.report.length)} refused lines are listed.
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onAgain}>
          Import more
        </Button>
        <Button variant="default" onClick={props.onClose}>
          Close
        </Button>
        <Button component={Link} to={paths.newDataset()}>
          Build a dataset
        </Button>
      </Group>
    </Stack>
  );
}
