import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { joinList } from '../lib/filterWords.ts';
import { formatCount, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { Section } from '../ui/Section.tsx';
import { TagEditor } from './TagEditor.tsx';
import { TraceScores } from './TraceScores.tsx';

const TraceRail_Trace = graphql(`
  fragment TraceRail_Trace on Trace {
    id
    contentHash
    traceVersion
    prompt
    finalAnswer
    steps {
      i
      type
      content
    }
    meta
    stepCount
    totalChars
    source
    importLine
    createdAt
    importSession {
      id
      name
      createdAt
    }
    datasets(first: 50) {
      totalCount
      edges {
        node {
          position
          split
          dataset {
            id
            key
          }
        }
      }
    }
    ...TagEditor_Trace
    ...TraceScores_Trace
  }
`);

function Provenance(props: { trace: FragmentType<typeof TraceRail_Trace> }) {
  const { importSession, importLine, source } = read(TraceRail_Trace, props.trace);
  return (
    <Section title="Where it comes from">
      <Facts
        of={[
          [
            'Source',
            source && (
              <TextLink to={paths.traces({ source: joinList([source]) })}>{source}</TextLink>
            ),
          ],
          [
            'Import',
            importSession ? (
              <TextLink key="import" to={paths.imports({ id: importSession.id })}>
                {importSession.name ?? 'without a name'}
              </TextLink>
            ) : (
              'none: stored through the API'
            ),
          ],
          ['Line', importLine === null ? null : formatCount(importLine)],
          [
            'With it',
            importSession && (
              <TextLink key="with" to={paths.traces({ importId: importSession.id })}>
                all traces of this import
              </TextLink>
            ),
          ],
        ]}
      />
    </Section>
  );
}

function UsedIn(props: { trace: FragmentType<typeof TraceRail_Trace> }) {
  const { datasets } = read(TraceRail_Trace, props.trace);
  return (
    <Section title={`Used in ${plural(datasets.totalCount, 'dataset')}`} testId="used-in">
      {datasets.edges.length === 0 && (
        <Text size="sm" c="dimmed">
          No dataset holds it.
        </Text>
      )}
      {datasets.edges.map(({ node }) => (
        <div key={node.dataset.id}>
          <TextLink to={paths.dataset(node.dataset.key)} mono>
            {node.dataset.key}
          </TextLink>{' '}
          <Text span size="xs" c="dimmed">
            {node.split.toLowerCase()}, item {formatCount(node.position)}
          </Text>
        </div>
      ))}
      {datasets.totalCount > datasets.edges.length && (
        <Text size="xs" c="dimmed" mt={4}>
          and {formatCount(datasets.totalCount - datasets.edges.length)} more
        </Text>
      )}
    </Section>
  );
}

/** As it was submitted, in the field names of the import. */
function RawTrace(props: { trace: FragmentType<typeof TraceRail_Trace> }) {
  const trace = read(TraceRail_Trace, props.trace);
  const [isOpen, setOpen] = useState(false);
  const raw = {
    trace_version: trace.traceVersion,
    prompt: trace.prompt,
    steps: trace.steps.map(({ i, type, content }) => ({ i, type, content })),
    final_answer: trace.finalAnswer,
    ...(trace.meta === null ? {} : { meta: trace.meta }),
  };
  return (
    <Section
      title="Raw"
      aside={
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show JSON'}
        </Button>
      }
    >
      <Mono title={trace.contentHash}>sha256:{trace.contentHash.slice(0, 24)}…</Mono>
      {isOpen && (
        <div style={{ marginTop: 10 }}>
          <Code label="trace as JSON" maxHeight={420}>
            {asJson(raw)}
          </Code>
        </div>
      )}
    </Section>
  );
}

/** Everything about the trace that is not its text. */
export function TraceRail(props: { trace: FragmentType<typeof TraceRail_Trace> }) {
  const trace = read(TraceRail_Trace, props.trace);
  return (
    <>
      <Section title="Facts">
        <Facts
          of={[
            ['Steps', formatCount(trace.stepCount)],
            ['Characters', formatCount(trace.totalChars)],
            ['Format', trace.traceVersion],
            ['Added', <Ago key="added" at={trace.createdAt} />],
          ]}
        />
      </Section>
      <TagEditor trace={trace} />
      <TraceScores trace={trace} />
      <UsedIn trace={props.trace} />
      <Provenance trace={props.trace} />
      {trace.meta !== null && trace.meta !== undefined && (
        <Section title="Metadata">
          <Code label="metadata" maxHeight={300}>
            {asJson(trace.meta)}
          </Code>
        </Section>
      )}
      <RawTrace trace={props.trace} />
    </>
  );
}
