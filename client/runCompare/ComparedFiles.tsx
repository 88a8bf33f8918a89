import { Text } from '@mantine/core';
import { formatBytes, shortHash } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Mono } from '../ui/Code.tsx';
import { PlainText } from '../ui/PlainText.tsx';
import { Section } from '../ui/Section.tsx';
import { ComparedTable } from './ComparedTable.tsx';
import type { ComparedRun } from './comparedRuns.ts';
import { type ComparedFile, comparedFiles, isSameFile } from './files.ts';

type Artifact = ComparedRun['artifacts'][number];

const KIND_NAMES: Readonly<Record<Artifact['kind'], string>> = {
  EXPORT: 'Trained model',
  PREDICTIONS: 'Predictions',
  CONFIG: 'Configuration',
  DATA: 'Data',
  EVENTS: 'Events',
  LOG: 'Log files',
  CHECKPOINT: 'Checkpoints',
  OTHER: 'Other',
};

function Cell(props: { run: ComparedRun; file: Artifact | null; isSame: boolean }) {
  const { run, file, isSame } = props;
  if (!file) return <>–</>;
  return (
    <>
      <TextLink inText to={paths.runFile(run.number, file)}>
        {formatBytes(file.size)}
      </TextLink>{' '}
      <Mono title={file.sha256}>{shortHash(file.sha256)}</Mono>
      {isSame && ' same bytes'}
    </>
  );
}

const rowOf = (
  runs: readonly ComparedRun[],
  row: ComparedFile<Artifact>,
  before: ComparedFile<Artifact> | undefined,
) => ({
  key: row.path,
  name: <PlainText>{row.path}</PlainText>,
  cells: runs.map((run, column) => (
    <Cell
      key={run.id}
      run={run}
      file={row.files[column] ?? null}
      // Said of the others, not of the one they are the same as.
      isSame={column > 0 && isSameFile(row)}
    />
  )),
  isSame: isSameFile(row),
  ...(row.kind !== before?.kind && { group: KIND_NAMES[row.kind] }),
});

/** What the runs left behind: which files are the same, byte for byte, and where to look at each. */
export function ComparedFiles(props: { runs: readonly ComparedRun[] }) {
  const { runs } = props;
  const rows = comparedFiles(runs.map(({ artifacts }) => artifacts));
  return (
    <Section title="Files" flush testId="compared-files">
      {rows.length > 0 ? (
        <ComparedTable
          caption="Files"
          runs={runs}
          rows={rows.map((row, index) => rowOf(runs, row, rows[index - 1]))}
        />
      ) : (
        <Text size="sm" c="dimmed" p="md">
          None of these runs has left a file yet.
        </Text>
      )}
    </Section>
  );
}
