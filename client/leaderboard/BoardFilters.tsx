import { Checkbox, Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { graphql } from '../gql/index.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { type BoardUrl, metricLabel, toMetric, toPick } from './board.ts';
import { useModels } from './useModels.ts';

const BoardFilters_Query = graphql(`
  query BoardFilters_Query($key: String!) {
    evaluationSet(key: $key) {
      id
      sections {
        value
      }
      categories {
        value
      }
      difficulties {
        value
      }
    }
  }
`);

/** The metrics of a board: those of every judge, and for a set the accuracy on each part. */
function useMetrics(set: string | undefined): string[] {
  // Without the parts of the set the metrics of every judge can still be chosen.
  const { data } = usePartQuery({
    query: BoardFilters_Query,
    variables: { key: set ?? '' },
    pause: set === undefined,
  });
  const parts = set === undefined ? undefined : data?.evaluationSet;
  const of = (by: string, values: readonly { value: string }[] = []) =>
    values.map(({ value }) => `${by}/${value}/accuracy`);
  return [
    'score',
    'accuracy',
    ...of('section', parts?.sections),
    ...of('category', parts?.categories),
    ...of('difficulty', parts?.difficulties),
  ];
}

/** Which rows of a board, and what they are ranked by; all in the URL. */
export function BoardFilters(props: {
  url: BoardUrl;
  onChange: (next: { [Key in keyof BoardUrl]: string | undefined }) => void;
}) {
  const { url, onChange } = props;
  const models = useModels(url);
  const metric = toMetric(url);
  const metrics = useMetrics(url.set);
  return (
    <Group gap="sm" align="flex-end">
      <SegmentedControl
        size="sm"
        aria-label="Which evaluation of a run counts"
        value={toPick(url)}
        onChange={(pick) => onChange({ pick: pick === 'BEST' ? pick : undefined })}
        data={[
          { value: 'LATEST', label: 'Latest' },
          { value: 'BEST', label: 'Best' },
        ]}
      />
      <Select
        label="Ranked by"
        w={190}
        allowDeselect={false}
        data={[...new Set([...metrics, metric])].map((value) => ({
          value,
          label: metricLabel(value),
        }))}
        value={metric}
        onChange={(value) =>
          onChange({ metric: value === 'score' ? undefined : (value ?? undefined) })
        }
      />
      <Select
        label="Model"
        placeholder="any"
        w={190}
        searchable
        clearable
        data={models}
        value={url.model ?? null}
        onChange={(model) => onChange({ model: model ?? undefined })}
      />
      <TextInput
        label="Judged from"
        type="date"
        w={140}
        value={url.after ?? ''}
        onChange={(event) => onChange({ after: event.currentTarget.value || undefined })}
      />
      <TextInput
        label="to"
        type="date"
        w={140}
        value={url.before ?? ''}
        onChange={(event) => onChange({ before: event.currentTarget.value || undefined })}
      />
      <Checkbox
        label="Mock judges too"
        mb={9}
        checked={url.mocks === 'yes'}
        onChange={(event) => onChange({ mocks: event.currentTarget.checked ? 'yes' : undefined })}
      />
    </Group>
  );
}
