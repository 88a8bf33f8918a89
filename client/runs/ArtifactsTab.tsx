import { Anchor } from '@mantine/core';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatBytes, shortHash } from '../lib/format.ts';
import { Ago } from '../ui/Ago.tsx';
import { Mono } from '../ui/Code.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';

const ArtifactsTab_Run = graphql(`
  fragment ArtifactsTab_Run on Run {
    id
    number
    artifacts {
      id
      attempt
      kind
      path
      size
      sha256
      url
      createdAt
    }
  }
`);

export function ArtifactsTab(props: { run: FragmentType<typeof ArtifactsTab_Run> }) {
  const run = read(ArtifactsTab_Run, props.run);
  const api = `query {
  run(number: ${run.number}) { artifacts { path kind size sha256 url } }
}`;
  return (
    <Section flush>
      {run.artifacts.length === 0 ? (
        <EmptyState title="No artifacts yet" api={api}>
          Checkpoints, the exported model, predictions and the exact configuration appear here as
          the run writes them.
        </EmptyState>
      ) : (
        <Table
          caption="Artifacts"
          testId="artifacts-table"
          columns={[
            { name: 'Path' },
            { name: 'Kind' },
            { name: 'Size', numeric: true },
            { name: 'Attempt', numeric: true, wide: true },
            { name: 'SHA-256', wide: true },
            { name: 'Stored', numeric: true, wide: true },
          ]}
        >
          <tbody>
            {run.artifacts.map((artifact) => (
              <tr key={artifact.id}>
                <td style={{ overflowWrap: 'anywhere' }}>
                  <Anchor href={artifact.url} download inherit>
                    <Mono>{artifact.path}</Mono>
                  </Anchor>
                </td>
                <td>{artifact.kind.toLowerCase()}</td>
                <td data-numeric>{formatBytes(artifact.size)}</td>
                <td data-numeric data-wide>
                  {artifact.attempt}
                </td>
                <td data-wide>
                  <Mono title={artifact.sha256}>{shortHash(artifact.sha256)}</Mono>
                </td>
                <td data-numeric data-wide>
                  <Ago at={artifact.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}
