import { ActionIcon, Button, Menu } from '@mantine/core';
import { formatBytes } from '../lib/format.ts';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import type { FilterUrl } from '../lib/traceFilter.ts';
import { paths } from '../paths.ts';
import { Icon } from '../ui/Icon.tsx';
import type { UploadState } from './uploads.ts';

/** The actions of the page; a running import shows in its own button. */
export function TracesActions(props: {
  url: FilterUrl;
  upload: UploadState;
  onImport: () => void;
  onGenerate: () => void;
  onHelp: () => void;
}) {
  const { upload } = props;
  const isSending = upload.kind === 'sending';
  return (
    <>
      <May scope="DATASETS_WRITE">
        <Button component={Link} to={paths.newDataset(props.url)} variant="default">
          Build a dataset
        </Button>
      </May>
      <May scope="TRACES_WRITE">
        <Button
          leftSection={<Icon name={isSending ? 'spin' : 'upload'} />}
          onClick={props.onImport}
          data-testid="open-import"
        >
          {isSending ? `Importing ${formatBytes(upload.upload.file.blob.size)}…` : 'Import'}
        </Button>
      </May>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={36}
            aria-label="More actions"
            data-testid="more-actions"
          >
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={paths.imports()}>
            Past imports
          </Menu.Item>
          <May scope="TRACES_WRITE">
            <Menu.Item onClick={props.onGenerate} data-testid="open-ungar">
              Generate card game traces…
            </Menu.Item>
          </May>
          <Menu.Item onClick={props.onHelp}>Keys of this page</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
