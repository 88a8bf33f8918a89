import { Grid, Stack, Text } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { formatCount, plural } from '../lib/format.ts';
import { NotFound } from '../lib/NotFound.tsx';
import { TextLink } from '../lib/TextLink.tsx';
import { useParam } from '../lib/url.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Ago } from '../ui/Ago.tsx';
import { asJson, Code, Mono } from '../ui/Code.tsx';
import { Facts } from '../ui/Facts.tsx';
import { LoadingPage } from '../ui/Loading.tsx';
import { Page } from '../ui/Page.tsx';
import { Section } from '../ui/Section.tsx';
import { StepCards } from './StepCards.tsx';
import css from './TracePage.module.css';

const TracePage_Query = graphql(`
  query TracePage_Query($id: ID!) {
    trace(id: $id) {
      id
      prompt
      promptPreview
      finalAnswer
      traceVersion
      contentHash
      stepCount
      totalChars
      source
      tags
      importLine
      meta
      createdAt
      ...StepCards_Trace
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
    }
  }
`);

export function TracePage() {
  const id = useParam('id');
  const { data, loading } = usePageQuery({ query: TracePage_Query, variables: { id } });
  const trace = data?.trace;
  if (!trace) return loading ? <LoadingPage /> : <NotFound what="trace" back={paths.traces()} />;
  return (
    <Page
      title="Trace"
      description={<Mono title={trace.contentHash}>{trace.contentHash.slice(0, 24)}…</Mono>}
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <Section title="Prompt">
              <div className={css.text}>{trace.prompt}</div>
            </Section>
            <StepCards trace={trace} />
            <Section title="Final answer">
              <div className={css.text} data-testid="final-answer">
                {trace.finalAnswer}
              </div>
            </Section>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <Section title="Facts">
              <Facts
                of={[
                  ['Source', trace.source],
                  ['Tags', trace.tags.join(', ')],
                  ['Steps', formatCount(trace.stepCount)],
                  ['Characters', formatCount(trace.totalChars)],
                  ['Format', trace.traceVersion],
                  ['Import line', trace.importLine],
                  ['Added', <Ago key="added" at={trace.createdAt} />],
                ]}
              />
            </Section>
            <Section title={`Used in ${plural(trace.datasets.totalCount, 'dataset')}`}>
              {trace.datasets.edges.length === 0 && (
                <Text size="sm" c="dimmed">
                  No dataset holds it.
                </Text>
              )}
              {trace.datasets.edges.map(({ node }) => (
                <div key={node.dataset.id}>
                  <TextLink to={paths.dataset(node.dataset.key)} mono>
                    {node.dataset.key}
                  </TextLink>{' '}
                  <Text span size="xs" c="dimmed">
                    {node.split.toLowerCase()}, item {node.position}
                  </Text>
                </div>
              ))}
            </Section>
            {trace.meta !== null && trace.meta !== undefined && (
              <Section title="Metadata">
                <Code label="metadata" maxHeight={300}>
                  {asJson(trace.meta)}
                </Code>
              </Section>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
