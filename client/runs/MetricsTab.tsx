import { Stack, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { graphql } from '../gql/index.ts';
import { formatMetric, plural } from '../lib/format.ts';
import { usePageQuery } from '../lib/usePageQuery.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { CHARTS, type Chart, checkpointSteps } from './charts.ts';
import { countNotFinite, type MetricStore } from './metricStore.ts';
import type { RunStream } from './useRunStream.ts';

// The chart library is for those who look at charts.
const MetricChart = lazy(async () => ({
  default: (await import('./MetricChart.tsx')).MetricChart,
}));

const MetricsTab_Query = graphql(`
  query MetricsTab_Query($number: Int!) {
    run(number: $number) {
      id
      metrics(maxPoints: 2000) {
        name
        points {
          step
          value
          kind
          attempt
        }
      }
    }
  }
`);

function NotFinite(props: { store: MetricStore; chart: Chart }) {
  const notes = props.chart.series.flatMap(({ name, label }) => {
    const counts = countNotFinite(props.store.points(name));
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (total === 0) return [];
    const kinds = Object.keys(counts).map((kind) => kind.toLowerCase().replace('_', ' '));
    return [`${label}: ${plural(total, 'point')} without a number (${kinds.join(', ')})`];
  });
  if (notes.length === 0) return null;
  return <Notice tone="warn">{notes.join('; ')}. They are gaps in the line.</Notice>;
}

export function MetricsTab(props: { number: number; stream: RunStream }) {
  const { events, metrics } = props.stream;
  const { data } = usePageQuery({
    query: MetricsTab_Query,
    variables: { number: props.number },
  });
  const stored = data?.run?.metrics;
  useEffect(() => {
    if (stored) metrics.merge(stored);
  }, [stored, metrics]);
  useSyncExternalStore(metrics.subscribe, metrics.snapshot);
  const allEvents = useSyncExternalStore(events.subscribe, events.snapshot);

  const names = metrics.names();
  if (!data && names.length === 0) return <LoadingRows />;
  const known = CHARTS.map((chart) => ({
    ...chart,
    series: chart.series.filter(({ name }) => names.includes(name)),
  }));
  const drawn = new Set(known.flatMap((chart) => chart.series.map(({ name }) => name)));
  const others = names
    .filter((name) => !drawn.has(name))
    .map((name): Chart => ({ title: name, series: [{ name, label: name }] }));
  const charts = [...known, ...others].filter((chart) => chart.series.length > 0);
  if (charts.length === 0) {
    return (
      <Section>
        <EmptyState title="No metrics yet">
          Loss, learning rate and throughput appear here step by step, from the trainer’s own event
          file.
        </EmptyState>
      </Section>
    );
  }
  const marks = checkpointSteps(allEvents);
  const last = Math.max(0, ...names.map((name) => metrics.points(name).at(-1)?.step ?? 0));
  return (
    <Stack gap="lg">
      {charts.map((chart) => (
        <Section
          key={chart.title}
          title={chart.title}
          aside={chart.series
            .map(
              ({ name, label }) => `${label} ${formatMetric(metrics.points(name).at(-1)?.value)}`,
            )
            .join(' · ')}
        >
          <Suspense fallback={<LoadingRows rows={4} />}>
            <MetricChart
              title={chart.title}
              series={chart.series.map(({ name, label }) => ({
                label,
                points: metrics.points(name),
              }))}
              marks={marks}
              last={last}
              isSparse={chart.isSparse ?? false}
            />
          </Suspense>
          {marks.length > 0 && (
            <Text size="xs" c="dimmed">
              Green dashed verticals: {plural(marks.length, 'checkpoint')}
            </Text>
          )}
          <NotFinite store={metrics} chart={chart} />
        </Section>
      ))}
    </Stack>
  );
}
