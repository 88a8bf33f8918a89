import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { formatCount } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { ProvenanceDrawer } from '../provenance/ProvenanceDrawer.tsx';
import { Ago } from '../ui/Ago.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Section } from '../ui/Section.tsx';
import { Table } from '../ui/Table.tsx';
import { RunStatusBadge } from './RunStatusBadge.tsx';

const LineageTab_Relative = graphql(`
  fragment LineageTab_Relative on Run {
    id
    number
    name
    createdAt
    resumeStep
    ...RunStatusBadge_Run
  }
`);

const LineageTab_Run = graphql(`
  fragment LineageTab_Run on Run {
    id
    parentKind
    resumeStep
    parent {
      id
      ...LineageTab_Relative
    }
    children {
      id
      parentKind
      resumeStep
      ...LineageTab_Relative
    }
    reproduces {
      id
      ...LineageTab_Relative
    }
    reproductions {
      id
      ...LineageTab_Relative
    }
  }
`);

type Relative = FragmentType<typeof LineageTab_Relative>;
type Line = { key: string; how: string; run: Relative };

const AS_PARENT = { RETRY: 'retried by this', RESUME: 'resumed by this', CLONE: 'cloned by this' };
const AS_CHILD = { RETRY: 'retry', RESUME: 'resume', CLONE: 'clone' };

const atStep = (step: number | null | undefined) =>
  typeof step === 'number' ? `, from step ${formatCount(step)}` : '';

function Row(props: { line: Line }) {
  const run = read(LineageTab_Relative, props.line.run);
  return (
    <tr>
      <td>
        <TextLink to={paths.run(run.number)}>
          #{run.number}
          {run.name ? ` ${run.name}` : ''}
        </TextLink>
      </td>
      <td>{props.line.how}</td>
      <td>
        <RunStatusBadge run={run} />
      </td>
      <td data-numeric>
        <Ago at={run.createdAt} />
      </td>
    </tr>
  );
}

/** Where the run comes from and which runs were made from it. */
export function LineageTab(props: { run: FragmentType<typeof LineageTab_Run> }) {
  const run = read(LineageTab_Run, props.run);
  const [isOpen, { open, close }] = useDisclosure(false);
  const lines: Line[] = [
    ...(run.parent && run.parentKind
      ? [
          {
            key: 'parent',
            how: `${AS_PARENT[run.parentKind]}${atStep(run.resumeStep)}`,
            run: run.parent,
          },
        ]
      : []),
    ...(run.reproduces
      ? [{ key: 'reproduces', how: 'repeated by this, everything pinned', run: run.reproduces }]
      : []),
    ...run.children.map((child) => ({
      key: child.id,
      how: `${child.parentKind ? AS_CHILD[child.parentKind] : 'made from this'}${atStep(child.resumeStep)}`,
      run: child,
    })),
    ...run.reproductions.map((other) => ({
      key: other.id,
      how: 'repeats this, everything pinned',
      run: other,
    })),
  ];
  return (
    <Stack gap="lg">
      <Section
        title="Relatives"
        aside={
          <Button size="compact-sm" variant="default" onClick={open} data-testid="provenance-open">
            Where it comes from
          </Button>
        }
        flush
      >
        {lines.length === 0 ? (
          <EmptyState title="No relatives">
            Runs made from this one by retry, resume, clone or reproduce appear here.
          </EmptyState>
        ) : (
          <Table
            caption="Relatives"
            testId="lineage-table"
            columns={[
              { name: 'Run' },
              { name: 'How' },
              { name: 'Status' },
              { name: 'Created', numeric: true },
            ]}
          >
            <tbody>
              {lines.map((line) => (
                <Row key={line.key} line={line} />
              ))}
            </tbody>
          </Table>
        )}
      </Section>
      <Text size="xs" c="dimmed">
        “Where it comes from” shows the chain of digests from this run back to its sources.
      </Text>
      <ProvenanceDrawer id={isOpen ? run.id : undefined} onClose={close} />
    </Stack>
  );
}
