import { Stack, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { graphql } from '../gql/index.ts';
import { type FilterUrl, toTraceFilter, traceWords } from '../lib/traceFilter.ts';
import { FacetPanel } from '../traces/FacetPanel.tsx';
import { FilterForm } from '../traces/FilterForm.tsx';
import { TraceFilterTokens, TraceQueryBox } from '../traces/TraceFilterParts.tsx';
import { Section } from '../ui/Section.tsx';
import css from './FilterSection.module.css';

const FilterSection_Query = graphql(`
  query FilterSection_Query($filter: TraceFilter) {
    traceFacets(filter: $filter) {
      sources {
        value
        count
      }
      tags {
        value
        count
      }
      versions {
        value
        count
      }
      steps {
        value
        count
      }
    }
  }
`);

/** The same conditions as in the list of traces, by the same means. */
export function FilterSection(props: { url: FilterUrl; onChange: (next: FilterUrl) => void }) {
  const { url, onChange } = props;
  const [{ data }] = useQuery({
    query: FilterSection_Query,
    variables: { filter: toTraceFilter(url) },
  });
  const facets = data?.traceFacets;
  const written = JSON.stringify(url);
  return (
    <Section source={FilterSection_Query} title="Which traces" testId="dataset-filter">
      <Stack gap="sm">
        <TraceQueryBox url={url} onChange={onChange} facets={facets} />
        <TraceFilterTokens url={url} onChange={onChange} />
        <details className={css.more}>
          <summary>Pick sources, tags, formats and steps</summary>
          <FacetPanel facets={facets} url={url} onChange={onChange} />
        </details>
        <details className={css.more}>
          <summary>Lengths, score, dates, dataset, metadata</summary>
          <FilterForm key={written} url={url} onApply={onChange} />
        </details>
        {traceWords.conditionsOf(url).length === 0 && !url.text && (
          <Text size="xs" c="dimmed">
            Without a condition every trace is a candidate.
          </Text>
        )}
      </Stack>
    </Section>
  );
}
