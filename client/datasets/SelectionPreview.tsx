import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { BuildDatasetInput } from '../gql/graphql.ts';
import { graphql } from '../gql/index.ts';
import { formatCount, formatMetric, plural } from '../lib/format.ts';
import { TextLink } from '../lib/TextLink.tsx';
import { UnansweredNotice } from '../lib/UnansweredNotice.tsx';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { paths } from '../paths.ts';
import { Facts } from '../ui/Facts.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import css from './SelectionPreview.module.css';
import { SplitCounts } from './SplitBar.tsx';
import { SplitTag } from './SplitTag.tsx';

const SelectionPreview_Query = graphql(`
  query SelectionPreview_Query(
    $filter: DatasetFilter
    $strategy: SelectionStrategy
    $limit: Int
    $seed: Int
    $split: SplitFractionsInput
    $exclude: ExcludeInput
  ) {
    datasetSelection(
      filter: $filter
      strategy: $strategy
      limit: $limit
      seed: $seed
      split: $split
      exclude: $exclude
    ) {
      matching
      taken
      trainCount
      evalCount
      testCount
      stats {
        avgStepCount
        minStepCount
        maxStepCount
        avgTotalChars
      }
      sample {
        split
        trace {
          id
          promptPreview
        }
      }
    }
  }
`);

type Selection = Pick<
  BuildDatasetInput,
  'filter' | 'strategy' | 'limit' | 'seed' | 'split' | 'exclude'
>;

/** A dry build, asked for again whenever the recipe rests for a moment. */
export function SelectionPreview(props: { input: Selection; isPaused: boolean }) {
  const { filter, strategy, limit, seed, split, exclude } = props.input;
  const wanted = JSON.stringify({ filter, strategy, limit, seed, split, exclude });
  const [settled] = useDebouncedValue(wanted, 300);
  const { data, error, loading, refetch } = usePartQuery({
    query: SelectionPreview_Query,
    variables: JSON.parse(settled) as Selection,
    requestPolicy: 'network-only',
    pause: props.isPaused,
  });
  const selection = data?.datasetSelection;
  if (error) {
    return (
      <UnansweredNotice
        title="This cannot be previewed"
        error={error}
        onRetry={refetch}
        testId="selection-problem"
      />
    );
  }
  if (!selection) {
    return props.isPaused ? (
      <Text size="sm" c="dimmed">
        The count appears as soon as the form is valid.
      </Text>
    ) : (
      <LoadingRows />
    );
  }
  const isFresh = settled === wanted && !loading && !props.isPaused;
  const { stats } = selection;
  return (
    <Stack gap="md" style={{ opacity: isFresh ? 1 : 0.6 }} aria-busy={!isFresh}>
      <div role="status" className={css.counts} data-testid="selection-count">
        <strong>{formatCount(selection.taken)}</strong> of{' '}
        {plural(selection.matching, 'matching trace')}
      </div>
      {selection.taken === 0 ? (
        <Notice tone="warn">Nothing matches. Widen the conditions, or import traces first.</Notice>
      ) : (
        <>
          <SplitCounts of={selection} />
          {stats && (
            <Facts
              of={[
                [
                  'Steps',
                  `${formatMetric(stats.avgStepCount)} on average, ${stats.minStepCount}–${stats.maxStepCount}`,
                ],
                ['Characters', `${formatMetric(stats.avgTotalChars)} on average`],
              ]}
            />
          )}
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              The first items
            </Text>
            <ol className={css.sample} data-testid="selection-sample">
              {selection.sample.map((item) => (
                <li key={item.trace.id}>
                  <span className={css.prompt} title={item.trace.promptPreview}>
                    <TextLink to={paths.trace(item.trace.id)}>{item.trace.promptPreview}</TextLink>
                  </span>
                  <SplitTag split={item.split} />
                </li>
              ))}
            </ol>
          </div>
        </>
      )}
    </Stack>
  );
}
