import '@mantine/core/styles/Drawer.css';
import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { formatBytes, formatDate } from '../lib/format.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Icon } from '../ui/Icon.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { PlainText } from '../ui/PlainText.tsx';
import css from './ArtifactsTab.module.css';

const ArtifactDrawer_Query = graphql(`
  query ArtifactDrawer_Query($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Artifact {
        mediaType
        preview {
          __typename
          ... on TextPreview {
            text
            truncated
            mediaType
          }
          ... on ImagePreview {
            url
            mediaType
          }
        }
      }
    }
  }
`);

type Artifact = {
  id: string;
  path: string;
  kind: string;
  size: string;
  sha256: string;
  url: string;
  attempt: number;
  available: boolean;
  deletedAt?: string | null | undefined;
  createdAt: string;
};

function Preview(props: { id: string; path: string }) {
  const { data, error, loading, refetch } = usePartQuery({
    query: ArtifactDrawer_Query,
    variables: { id: props.id },
  });
  const preview = data?.node?.__typename === 'Artifact' ? data.node.preview : undefined;
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data && loading) return <LoadingRows />;
  switch (preview?.__typename) {
    case 'ImagePreview':
      return <img className={css.image} src={preview.url} alt={props.path} />;
    case 'TextPreview':
      return (
        <>
          <Code label={`text of ${props.path}`} maxHeight={560}>
            {preview.text}
          </Code>
          {preview.truncated && (
            <Text size="xs" c="dimmed">
              Only its beginning. Download it to read the rest.
            </Text>
          )}
        </>
      );
    default:
      return (
        <Text size="sm" c="dimmed">
          There is no preview of this kind of file.
        </Text>
      );
  }
}

function Content({ artifact }: { artifact: Artifact }) {
  return (
    <Stack gap="md" data-testid="artifact-drawer">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Mono>
          <PlainText>{artifact.path}</PlainText>
        </Mono>
      </Text>
      {artifact.available ? (
        <>
          <Group gap="xs">
            <Button
              component="a"
              href={artifact.url}
              download
              size="compact-sm"
              leftSection={<Icon name="download" size={13} />}
            >
              Download
            </Button>
          </Group>
          <Preview id={artifact.id} path={artifact.path} />
        </>
      ) : (
        <Notice tone="info" title="Expired">
          Its bytes were removed
          {artifact.deletedAt ? ` on ${formatDate(artifact.deletedAt)}` : ''}, as the retention of
          artifacts says. Its size and digest are kept.
        </Notice>
      )}
      <Facts
        of={[
          ['Kind', artifact.kind.toLowerCase()],
          ['Size', formatBytes(artifact.size)],
          ['SHA-256', <Mono key="sha256">{artifact.sha256}</Mono>],
          ['Attempt', artifact.attempt],
          ['Stored', formatDate(artifact.createdAt)],
        ]}
      />
    </Stack>
  );
}

/** One file beside the list: what it says, as far as that can be shown. */
export function ArtifactDrawer(props: { artifact: Artifact | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={props.artifact !== undefined}
      onClose={props.onClose}
      position="right"
      size="lg"
      title="File"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {props.artifact && <Content key={props.artifact.id} artifact={props.artifact} />}
    </Drawer>
  );
}
