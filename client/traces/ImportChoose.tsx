import '@mantine/dropzone/styles.css';
import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { TraceMappingInput } from '../gql/graphql.ts';
import { splitList } from '../lib/filterWords.ts';
import { formatBytes } from '../lib/format.ts';
import { Code } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ImportPreview } from './ImportPreview.tsx';
import { fileOf, type ImportFile, textFile } from './importFile.ts';
import type { ImportOptions } from './postImport.ts';
import { SAMPLE_LINE } from './sampleLine.ts';

/** The file or the pasted lines, their labels, and how they will be read. */
export function ImportChoose(props: {
  file: ImportFile | undefined;
  onChoose: (file: ImportFile | undefined) => void;
  onStart: (file: ImportFile, options: ImportOptions) => void;
}) {
  const { file, onChoose } = props;
  const [text, setText] = useState('');
  const [source, setSource] = useState('');
  const [tags, setTags] = useState('');
  const [mapping, setMapping] = useState<TraceMappingInput>();
  const [settled] = useDebouncedValue(text, 400);
  const pasted = useMemo(() => (settled.trim() ? textFile(settled) : undefined), [settled]);
  const previewed = file ?? pasted;
  const toSend = file ?? (text.trim() ? textFile(text) : undefined);

  function start() {
    if (!toSend) return;
    const words = splitList(tags)
      .map((tag) => tag.trim())
      .filter(Boolean);
    props.onStart(toSend, { source: source.trim(), tags: words, format: 'AUTO', mapping });
  }

  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="Source"
          placeholder="where they come from"
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <TextInput
          label="Tags"
          placeholder="optional, several with commas"
          value={tags}
          onChange={(event) => setTags(event.currentTarget.value)}
        />
      </SimpleGrid>
      {file ? (
        <Group justify="space-between" wrap="nowrap">
          <Text fw={550} style={{ overflowWrap: 'anywhere' }} data-testid="import-file">
            {file.name}{' '}
            <Text span size="xs" c="dimmed">
              {formatBytes(file.blob.size)}
              {file.isGzip && ', packed'}
            </Text>
          </Text>
          <Button
            size="xs"
            variant="default"
            flex="none"
            onClick={() => {
              setMapping(undefined);
              onChoose(undefined);
            }}
          >
            Another file
          </Button>
        </Group>
      ) : (
        <>
          <Dropzone
            onDrop={([dropped]) => {
              setMapping(undefined);
              if (dropped) onChoose(fileOf(dropped));
            }}
            multiple={false}
            inputProps={{ 'aria-label': 'File with traces' }}
            data-testid="import-drop"
          >
            <Stack align="center" gap={4} py="xs" ta="center" style={{ pointerEvents: 'none' }}>
              <Icon name="upload" size={26} />
              <Text fw={500}>Drop a file here, or click to choose</Text>
              <Text size="xs" c="dimmed">
                .jsonl, .json or .jsonl.gz of any size. A bad line is reported and the others go in.
              </Text>
            </Stack>
          </Dropzone>
          <Textarea
            label="Or paste lines"
            placeholder={SAMPLE_LINE}
            autosize
            minRows={3}
            maxRows={10}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            data-testid="import-text"
          />
        </>
      )}
      {previewed ? (
        <ImportPreview file={previewed} mapping={mapping} onMapping={setMapping} />
      ) : (
        <details>
          <summary style={{ cursor: 'pointer', fontSize: 13 }}>The format of a line</summary>
          <Stack gap={6} mt={8}>
            <Code label="sample line" wrap>
              {SAMPLE_LINE}
            </Code>
            <Text size="xs" c="dimmed">
              Required: trace_version, prompt, steps (i, type, content), final_answer. Optional:
              meta. Records with other fields can be mapped to these.
            </Text>
          </Stack>
        </details>
      )}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {!file && text ? formatBytes(new Blob([text]).size) : ''}
        </Text>
        <Button disabled={!toSend} onClick={start} data-testid="import-submit">
          Import
        </Button>
      </Group>
    </Stack>
  );
}
