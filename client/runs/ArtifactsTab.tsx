import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { spellBidi } from '../lib/bidi.ts';
import { formatBytes, plural, shortHash } from '../lib/format.ts';
import { useUrlState } from '../lib/url.ts';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Icon } from '../ui/Icon.tsx';
import { PlainText } from '../ui/PlainText.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { Tag } from '../ui/Tag.tsx';
import { ArtifactDrawer } from './ArtifactDrawer.tsx';
import css from './ArtifactsTab.module.css';
import { parseAttempt } from './AttemptPicker.tsx';
import { artifactTree, namedFile, treeRows } from './artifactTree.ts';
import { CheckpointTable } from './CheckpointTable.tsx';

const ArtifactsTab_Run = graphql(`
  fragment ArtifactsTab_Run on Run {
    id
    number
    trainedModels {
      attempt
      url
      available
    }
    artifacts {
      id
      attempt
      kind
      path
      size
      sha256
      url
      available
      deletedAt
      createdAt
    }
    ...CheckpointTable_Run
  }
`);

/** Folders with so few files below are open. */
const FEW = 12;

/** The checkpoints to go on from, and every file the run left behind. */
export function ArtifactsTab(props: {
  run: FragmentType<typeof ArtifactsTab_Run>;
  attempt: number | undefined;
}) {
  const run = read(ArtifactsTab_Run, props.run);
  const [url, setUrl] = useUrlState('file', 'fileAttempt');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const artifacts = run.artifacts.filter(
    ({ attempt }) => props.attempt === undefined || attempt === props.attempt,
  );
  const model = run.trainedModels.find(
    ({ attempt }) => props.attempt === undefined || attempt === props.attempt,
  );
  const root = artifactTree(artifacts);
  const rows = treeRows(root, ({ path, count }) => count <= FEW !== toggled.has(path));
  const toggle = (path: string) => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  const link = { path: url.file, attempt: parseAttempt(url.fileAttempt) };
  const shown = namedFile(run.artifacts, link, props.attempt);
  const api = `query {
  run(number: ${run.number}) { artifacts { path kind size sha256 url } }
}`;
  return (
    <Stack gap="lg">
      <CheckpointTable run={run} />
      <Section
        title="Files"
        aside={
          artifacts.length > 0 && (
            <Group gap="md">
              {model?.available && (
                <Button
                  component="a"
                  href={model.url}
                  download
                  size="compact-xs"
                  variant="default"
                  leftSection={<Icon name="download" size={14} />}
                  title="The export folder in one ZIP file, which transformers loads"
                  data-testid="download-model"
                >
                  Trained model
                </Button>
              )}
              {`${plural(root.count, 'file')}, ${formatBytes(root.size)}`}
            </Group>
          )
        }
        flush
      >
        {artifacts.length === 0 ? (
          <EmptyState title="No files yet" api={api}>
            Checkpoints, the exported model, predictions and the exact configuration appear here as
            the run writes them.
          </EmptyState>
        ) : (
          <Table
            caption="Artifacts"
            testId="artifacts-table"
            columns={[
              { name: 'Path' },
              { name: 'Kind', wide: true },
              { name: 'Size', numeric: true },
              { name: 'Attempt', numeric: true, wide: true },
              { name: 'SHA-256', wide: true },
              { name: 'Download', label: 'Download', numeric: true },
            ]}
          >
            <tbody>
              {rows.map((row) =>
                row.kind === 'folder' ? (
                  <tr key={`${row.folder.path}/`}>
                    <td>
                      <button
                        type="button"
                        className={css.folder}
                        style={{ ['--depth' as string]: row.depth }}
                        aria-expanded={row.isOpen}
                        onClick={() => toggle(row.folder.path)}
                      >
                        <Icon name={row.isOpen ? 'down' : 'right'} size={12} />
                        <PlainText>{row.folder.name}</PlainText>
                        <span className={css.count}>{plural(row.folder.count, 'file')}</span>
                      </button>
                    </td>
                    <td data-wide />
                    <td data-numeric>{formatBytes(row.folder.size)}</td>
                    <td data-wide />
                    <td data-wide />
                    <td />
                  </tr>
                ) : (
                  <tr key={row.file.id}>
                    <td>
                      <button
                        type="button"
                        className={css.file}
                        style={{ ['--depth' as string]: row.depth }}
                        title={spellBidi(row.file.path)}
                        onClick={() =>
                          setUrl({ file: row.file.path, fileAttempt: String(row.file.attempt) })
                        }
                      >
                        <PlainText>{row.name}</PlainText>
                      </button>
                    </td>
                    <td data-wide>{row.file.kind.toLowerCase()}</td>
                    <td data-numeric>{formatBytes(row.file.size)}</td>
                    <td data-numeric data-wide>
                      {row.file.attempt}
                    </td>
                    <td data-wide>
                      <Mono title={row.file.sha256}>{shortHash(row.file.sha256)}</Mono>
                    </td>
                    <td data-numeric>
                      {row.file.available ? (
                        <a
                          className={css.download}
                          href={row.file.url}
                          download
                          aria-label={`Download ${row.file.path}`}
                        >
                          <Icon name="download" size={14} />
                        </a>
                      ) : (
                        <Tag
                          tone="idle"
                          title="Its bytes were removed by the retention of artifacts"
                        >
                          expired
                        </Tag>
                      )}
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </Table>
        )}
      </Section>
      <ArtifactDrawer
        artifact={shown}
        onClose={() => setUrl({ file: undefined, fileAttempt: undefined })}
      />
    </Stack>
  );
}
