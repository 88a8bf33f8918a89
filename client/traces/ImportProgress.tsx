import { Button, Group, Stack } from '@mantine/core';
import { Notice } from '../ui/Notice.tsx';
import { ImportEnded } from './ImportEnded.tsx';
import { ImportRunning } from './ImportRunning.tsx';
import type { ImportFile } from './importFile.ts';
import type { ImportOptions } from './postImport.ts';
import type { UploadState } from './uploads.ts';

/** An import that has begun: how far it is, and in the end its report. */
export function ImportProgress(props: {
  state: Exclude<UploadState, { kind: 'idle' }>;
  onResume: () => void;
  onFix: (file: ImportFile, options: ImportOptions) => void;
  onAgain: () => void;
  onClose: () => void;
}) {
  const { state, onAgain, onClose } = props;
  switch (state.kind) {
    case 'sending':
      return <ImportRunning upload={state.upload} isLost={state.isLost} onClose={onClose} />;
    case 'ended':
      return (
        <ImportEnded
          upload={state.upload}
          onFix={props.onFix}
          onAgain={onAgain}
          onClose={onClose}
        />
      );
    case 'lost':
      return (
        <Stack gap="md">
          <Notice tone="warn" title="The connection did not come back" testId="import-lost">
            What was sent before is stored. Going on sends the rest of {state.upload.file.name}.
          </Notice>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button onClick={props.onResume} data-testid="import-resume">
              Go on
            </Button>
          </Group>
        </Stack>
      );
    case 'refused':
      return (
        <Stack gap="md">
          <Notice tone="bad" title="Nothing was imported" testId="import-failed">
            {state.message}
          </Notice>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button onClick={onAgain}>Try another file</Button>
          </Group>
        </Stack>
      );
  }
}
