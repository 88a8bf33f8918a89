import { Button } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatBytes, formatCount, plural } from '../lib/format.ts';
import { Ago } from '../ui/Ago.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import { useResume } from './useAgain.ts';

const CheckpointTable_Run = graphql(`
  fragment CheckpointTable_Run on Run {
    id
    viewerCanResume
    checkpoints {
      step
      attempt
      at
      size
      files
      available
    }
  }
`);

/** The saved states of the training; from those that are kept another run can go on. */
export function CheckpointTable(props: { run: FragmentType<typeof CheckpointTable_Run> }) {
  const run = read(CheckpointTable_Run, props.run);
  const { resume, isAsking } = useResume();
  if (run.checkpoints.length === 0) return null;
  return (
    <Section title="Checkpoints" aside={plural(run.checkpoints.length, 'checkpoint')} flush>
      <Table
        caption="Checkpoints"
        testId="checkpoints-table"
        columns={[
          { name: 'Step' },
          { name: 'Saved' },
          { name: 'Attempt', numeric: true, wide: true },
          { name: 'Files', numeric: true, wide: true },
          { name: 'Size', numeric: true },
          { name: 'Go on', label: 'Go on', numeric: true },
        ]}
      >
        <tbody>
          {run.checkpoints.map((checkpoint) => (
            <tr key={`${checkpoint.attempt}/${checkpoint.step}`}>
              <td>{formatCount(checkpoint.step)}</td>
              <td>
                <Ago at={checkpoint.at} />
              </td>
              <td data-numeric data-wide>
                {checkpoint.attempt}
              </td>
              <td data-numeric data-wide>
                {checkpoint.files}
              </td>
              <td data-numeric>{formatBytes(checkpoint.size)}</td>
              <td data-numeric>
                {!checkpoint.available && (
                  <Tag tone="idle" title="Its files were removed by the retention of artifacts">
                    expired
                  </Tag>
                )}
                {checkpoint.available && run.viewerCanResume && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    loading={isAsking}
                    onClick={() => void resume(run.id, checkpoint.step)}
                  >
                    Resume
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
