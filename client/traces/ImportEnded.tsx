import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { Link } from '../lib/Link.tsx';
import { May } from '../lib/May.tsx';
import { paths } from '../paths.ts';
import { LoadingRows } from '../ui/Loading.tsx';
import { FixLines } from './FixLines.tsx';
import { ImportReport } from './ImportReport.tsx';
import type { ImportFile } from './importFile.ts';
import type { ImportOptions } from './postImport.ts';
import type { Upload } from './uploads.ts';

const ImportEnded_Query = graphql(`
  query ImportEnded_Query($key: String!) {
    importSession(key: $key) {
      id
      stored
      report {
        line
      }
      ...ImportReport_Session
    }
  }
`);

/** The report of the import that this page has sent, and what to do next. */
export function ImportEnded(props: {
  upload: Upload;
  onFix: (file: ImportFile, options: ImportOptions) => void;
  onAgain: () => void;
  onClose: () => void;
}) {
  const { upload, onClose } = props;
  const [isFixing, setFixing] = useState(false);
  const [{ data, error, fetching }, execute] = useQuery({
    query: ImportEnded_Query,
    variables: { key: upload.key },
    requestPolicy: 'network-only',
  });
  const session = data?.importSession;
  if (error) return <ErrorNotice error={error} onRetry={() => execute()} />;
  if (!session && fetching) return <LoadingRows rows={4} />;
  const lines = session?.report.map(({ line }) => line) ?? [];
  return (
    <Stack gap="md">
      {session ? <ImportReport session={session} /> : <Text>Nothing has reached the server.</Text>}
      {isFixing ? (
        <FixLines
          file={upload.file}
          lines={lines}
          onCancel={() => setFixing(false)}
          onImport={(file) => props.onFix(file, upload.options)}
        />
      ) : (
        <Group justify="flex-end" gap="xs">
          {lines.length > 0 && (
            <Button variant="default" onClick={() => setFixing(true)} data-testid="fix-lines">
              Fix and retry
            </Button>
          )}
          <Button variant="default" onClick={props.onAgain}>
            Import more
          </Button>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {session && session.stored > 0 && (
            <May scope="DATASETS_WRITE">
              <Button component={Link} to={paths.newDataset({ importId: session.id })}>
                Build a dataset
              </Button>
            </May>
          )}
        </Group>
      )}
    </Stack>
  );
}
