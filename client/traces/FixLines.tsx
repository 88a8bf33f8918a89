import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatCount } from '../lib/format.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { type ImportFile, readLines } from './importFile.ts';

/** More than a person edits by hand. */
const MOST = 200;

/** The refused lines as they stand in the file, to be mended here and sent again. */
export function FixLines(props: {
  file: ImportFile;
  lines: readonly number[];
  onImport: (file: ImportFile) => void;
  onCancel: () => void;
}) {
  const { file, lines } = props;
  const [text, setText] = useState<string>();
  useEffect(() => {
    let isWanted = true;
    const wanted = lines.slice(0, MOST);
    readLines(file, wanted).then(
      (found) => isWanted && setText(wanted.map((line) => found.get(line) ?? '').join('\n')),
      () => isWanted && setText(''),
    );
    return () => {
      isWanted = false;
    };
    // The lines of one report are read once; a new array of the same numbers is no new report.
  }, [file, lines.length]);
  if (text === undefined) return <LoadingRows rows={4} />;
  return (
    <Stack gap="sm">
      <Textarea
        label="Refused lines"
        description="Mend them here. In a file that is one JSON array, mend the file and import it again: what is stored is recognised."
        autosize
        minRows={4}
        maxRows={14}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        data-testid="fix-text"
      />
      {lines.length > MOST && (
        <Text size="xs" c="dimmed">
          The first {formatCount(MOST)} of {formatCount(lines.length)}.
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onCancel}>
          Back to the report
        </Button>
        <Button
          disabled={text.trim() === ''}
          onClick={() =>
            props.onImport({
              name: `${file.name.replace(/\.gz$/i, '')} (mended)`,
              blob: new Blob([text]),
              isGzip: false,
            })
          }
          data-testid="fix-submit"
        >
          Import these lines
        </Button>
      </Group>
    </Stack>
  );
}
