import '@mantine/dropzone/styles.css';
import { Button, Group, Modal, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useState } from 'react';
import { formatBytes } from '../lib/format.ts';
import { Code } from '../ui/Code.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Notice } from '../ui/Notice.tsx';
import { ImportReport } from './ImportReport.tsx';
import { type ImportResult, importTraces, SAMPLE_LINE } from './importTraces.ts';

type Sending =
  | { kind: 'idle' }
  | { kind: 'sending'; what: string }
  | { kind: 'failed'; message: string }
  | { kind: 'done'; result: ImportResult };

export function ImportDialog(props: { onClose: () => void; onImported: () => void }) {
  const [text, setText] = useState('');
  const [source, setSource] = useState('');
  const [tag, setTag] = useState('');
  const [state, setState] = useState<Sending>({ kind: 'idle' });
  const isSending = state.kind === 'sending';

  async function send(body: Blob | string, name: string) {
    setState({ kind: 'sending', what: name });
    try {
      const result = await importTraces(body, { name, source: source.trim(), tag: tag.trim() });
      setState({ kind: 'done', result });
      if (result.stored > 0) props.onImported();
    } catch (error) {
      setState({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title="Import traces"
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {state.kind === 'done' ? (
        <ImportReport
          result={state.result}
          onAgain={() => setState({ kind: 'idle' })}
          onClose={props.onClose}
        />
      ) : (
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput
              label="Source"
              placeholder="where they come from"
              value={source}
              onChange={(event) => setSource(event.currentTarget.value)}
            />
            <TextInput
              label="Tag"
              placeholder="optional"
              value={tag}
              onChange={(event) => setTag(event.currentTarget.value)}
            />
          </SimpleGrid>
          <Dropzone
            onDrop={(files) => {
              const [file] = files;
              if (file) void send(file, file.name);
            }}
            multiple={false}
            loading={isSending}
            inputProps={{ 'aria-label': 'JSONL file' }}
            data-testid="import-drop"
          >
            <Stack align="center" gap={4} py="md" ta="center" style={{ pointerEvents: 'none' }}>
              <Icon name="upload" size={26} />
              <Text fw={500}>Drop a .jsonl file here, or click to choose</Text>
              <Text size="xs" c="dimmed">
                One trace per line. It is streamed; a bad line is reported and the others go in.
              </Text>
            </Stack>
          </Dropzone>
          <Textarea
            label="Or paste lines"
            placeholder={SAMPLE_LINE}
            autosize
            minRows={4}
            maxRows={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            data-testid="import-text"
          />
          {state.kind === 'failed' && (
            <Notice tone="bad" title="Nothing was imported" testId="import-failed">
              {state.message}
            </Notice>
          )}
          <details>
            <summary style={{ cursor: 'pointer', fontSize: 13 }}>The format of a line</summary>
            <Stack gap={6} mt={8}>
              <Code label="sample line" wrap>
                {SAMPLE_LINE}
              </Code>
              <Text size="xs" c="dimmed">
                Required: trace_version, prompt, steps (i, type, content), final_answer. Optional:
                meta. Other fields are refused.
              </Text>
            </Stack>
          </details>
          <Group justify="space-between">
            <Text size="xs" c="dimmed">
              {text ? formatBytes(new Blob([text]).size) : ''}
            </Text>
            <Button
              disabled={text.trim() === ''}
              loading={isSending}
              onClick={() => void send(text, 'pasted.jsonl')}
              data-testid="import-submit"
            >
              Import
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
