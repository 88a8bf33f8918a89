import { Grid, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { NotAllowed } from '../lib/MayPage.tsx';
import { useUrlState } from '../lib/url.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { useTextFilter } from '../lib/useTextFilter.ts';
import { useMay } from '../lib/viewer.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { RenderedTrace } from './RenderedTrace.tsx';
import { RenderItems } from './RenderItems.tsx';

const RenderTab_Query = graphql(`
  query RenderTab_Query($key: String!) {
    dataset(key: $key) {
      id
      items(first: 1) {
        edges {
          node {
            trace {
              id
            }
          }
        }
      }
    }
    models {
      id
      builtIn
    }
  }
`);

const DEFAULT_MAX_TOKENS = '512';

/** What one item becomes for one model: the exact text, its tokens, and which of them are learnt. */
export function RenderTab(props: { datasetKey: string }) {
  const [url, setUrl] = useUrlState('trace', 'model', 'tokens');
  const { data, error, refetch } = usePartQuery({
    query: RenderTab_Query,
    variables: { key: props.datasetKey },
  });
  const limit = useTextFilter(url.tokens ?? DEFAULT_MAX_TOKENS, (tokens) => setUrl({ tokens }));
  const mayRender = useMay('DATASETS_WRITE');
  if (error) return <ErrorNotice error={error} onRetry={refetch} />;
  if (!data) return <LoadingRows />;
  const models = data.models;
  const model = url.model ?? (models.find(({ builtIn }) => builtIn) ?? models[0])?.id;
  const trace = url.trace ?? data.dataset?.items.edges[0]?.node.trace.id;
  const text = url.tokens ?? DEFAULT_MAX_TOKENS;
  const maxTokens = /^\d{1,6}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 4 }}>
        <RenderItems
          datasetKey={props.datasetKey}
          chosen={trace}
          onChoose={(id) => setUrl({ trace: id })}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="md">
          <Section>
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <Select
                label="Model"
                searchable
                allowDeselect={false}
                data={models.map(({ id }) => id)}
                value={model ?? null}
                onChange={(id) => setUrl({ model: id })}
              />
              <TextInput
                label="Max tokens"
                inputMode="numeric"
                {...limit}
                error={maxTokens === undefined ? 'A whole number from 1 to 999,999' : undefined}
              />
            </SimpleGrid>
          </Section>
          {!mayRender ? (
            <Section>
              <NotAllowed scope="DATASETS_WRITE" />
            </Section>
          ) : trace && model && maxTokens !== undefined ? (
            <RenderedTrace
              key={`${trace} ${model} ${maxTokens}`}
              traceId={trace}
              modelId={model}
              maxTokens={maxTokens}
            />
          ) : (
            <Section>
              <EmptyState title="Nothing to render">
                Choose an item, a model and how many tokens may be used.
              </EmptyState>
            </Section>
          )}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
