import { Button, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { type Axis, placeWord } from '../lib/chartRange.ts';
import { ErrorNotice } from '../lib/ErrorNotice.tsx';
import { plural } from '../lib/format.ts';
import { TOKENS_SERIES } from '../lib/tokensAxis.ts';
import { useChartRange } from '../lib/useChartRange.ts';
import { usePartQuery } from '../lib/usePageQuery.ts';
import { useSmoothing } from '../lib/useSmoothing.ts';
import { AxisChoice } from '../ui/AxisChoice.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Section } from '../ui/Section.tsx';
import { SmoothingSlider } from '../ui/SmoothingSlider.tsx';
import type { Marker } from './chartMarks.ts';
import { CHARTS, type Chart, isNoisy, isSparse, valueWord } from './charts.ts';
import { MarkerLegend } from './MarkerLegend.tsx';
import {
  byStep,
  byTime,
  byTokens,
  countNotFinite,
  type PlaceOf,
  type Point,
  stepsWithin,
} from './metricStore.ts';
import type { RunStream } from './useRunStream.ts';

// The chart library is for those who look at charts.
const MetricChart = lazy(async () => ({
  default: (await import('./MetricChart.tsx')).MetricChart,
}));

const MetricsTab_Run = graphql(`
  fragment MetricsTab_Run on Run {
    id
    number
    startedAt
    markers {
      kind
      step
      attempt
      at
      label
    }
  }
`);

const MetricsTab_Query = graphql(`
  query MetricsTab_Query($number: Int!, $attempt: Int, $fromStep: Int, $toStep: Int) {
    run(number: $number) {
      id
      metrics(maxPoints: 2000, attempt: $attempt, fromStep: $fromStep, toStep: $toStep) {
        name
        points {
          step
          value
          kind
          attempt
          at
        }
      }
    }
  }
`);

/** The charts the page knows, then one for each series it does not. Tokens are an axis. */
function chartsOf(names: readonly string[]): Chart[] {
  const known = CHARTS.map((chart) => ({
    ...chart,
    series: chart.series.filter(({ name }) => names.includes(name)),
  }));
  const drawn = new Set(known.flatMap((chart) => chart.series.map(({ name }) => name)));
  drawn.add(TOKENS_SERIES);
  const others = names
    .filter((name) => !drawn.has(name))
    .map((name): Chart => ({ title: name, series: [{ name, label: name }] }));
  return [...known, ...others].filter((chart) => chart.series.length > 0);
}

function NotFinite(props: { series: readonly { label: string; points: readonly Point[] }[] }) {
  const notes = props.series.flatMap(({ label, points }) => {
    const counts = countNotFinite(points);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (total === 0) return [];
    const kinds = Object.keys(counts).map((kind) => kind.toLowerCase().replace('_', ' '));
    return [`${label}: ${plural(total, 'point')} without a number (${kinds.join(', ')})`];
  });
  if (notes.length === 0) return null;
  return <Notice tone="warn">{notes.join('; ')}. A cross at the top marks each.</Notice>;
}

type TabProps = {
  run: FragmentType<typeof MetricsTab_Run>;
  stream: RunStream;
  /** Whose curves; of the whole run without one. */
  attempt: number | undefined;
};

/** The curves of a run by step or by time. Axis and zoom are those of all charts, and in the URL. */
export function MetricsTab(props: TabProps) {
  // A question keeps the last answer until the next one comes, which is of other curves.
  return <Curves key={props.attempt ?? 'all'} {...props} />;
}

function Curves(props: TabProps) {
  const run = read(MetricsTab_Run, props.run);
  const { attempt } = props;
  const metrics = props.stream.metrics.of(attempt);
  useSyncExternalStore(metrics.subscribe, metrics.snapshot);
  const names = metrics.names();
  const hasTokens = names.includes(TOKENS_SERIES);
  const { axis, axes, zoom, setAxis, setZoom } = useChartRange({ hasTokens });
  const [smoothing, setSmoothing] = useSmoothing();
  const all = names.map(metrics.points);
  const origin =
    run.startedAt ??
    all.reduce((first, [point]) => (point && point.at < first ? point.at : first), '9999');
  const places: Record<Axis, () => PlaceOf> = {
    step: () => byStep,
    wall: () => byTime(origin),
    tokens: () => byTokens(metrics.points(TOKENS_SERIES)),
  };
  const placeOf = places[axis]();
  const within = zoom && stepsWithin(all, placeOf, zoom.from, zoom.to);
  const asked = { number: run.number, attempt };
  const whole = usePartQuery({ query: MetricsTab_Query, variables: asked });
  // What is zoomed into is read again: the whole is thinned out, a part of it less or not at all.
  const part = usePartQuery({
    query: MetricsTab_Query,
    variables: { ...asked, ...within },
    pause: !within,
  });
  const [stored, fine] = [whole.data?.run?.metrics, part.data?.run?.metrics];
  useEffect(() => {
    if (stored) metrics.merge(stored);
  }, [stored, metrics]);
  useEffect(() => {
    if (fine) metrics.merge(fine);
  }, [fine, metrics]);

  const failed = [whole, part].find(({ error }) => error);
  const notice = failed && <ErrorNotice error={failed.error} onRetry={failed.refetch} />;
  if (!whole.data && names.length === 0) return notice ?? <LoadingRows />;
  const charts = chartsOf(names);
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
  const markers = run.markers
    .filter((marker) => attempt === undefined || marker.attempt === attempt)
    .map((marker): Marker => ({ ...marker, place: placeOf(marker) }));
  const ends = all.flatMap((points) => points.slice(-1).map(placeOf));
  const last = ends.reduce((most, end) => Math.max(most, end), 1);
  const onX = (at: number) => placeWord(axis, axis === 'wall' ? at : Math.round(at));
  return (
    <Stack gap="lg">
      {notice}
      <Group gap="md" justify="space-between">
        <MarkerLegend markers={markers} />
        <Group gap="xs">
          {zoom ? (
            <Button
              size="compact-xs"
              variant="default"
              data-testid="zoom-out"
              onClick={() => setZoom(undefined)}
            >
              {{ step: 'Steps ', wall: '', tokens: 'Tokens ' }[axis]}
              {onX(zoom.from)} to {onX(zoom.to)} · show all
            </Button>
          ) : (
            <Text size="xs" c="dimmed">
              Drag over a chart to zoom
            </Text>
          )}
          <SmoothingSlider value={smoothing} onChange={setSmoothing} />
          <AxisChoice value={axis} axes={axes} onChange={setAxis} />
        </Group>
      </Group>
      {charts.map((chart) => {
        const series = chart.series.map(({ name, label }) => ({
          label,
          points: metrics.points(name),
          isNoisy: isNoisy(name),
          isSparse: isSparse(name),
        }));
        return (
          <Section
            source={MetricsTab_Query}
            key={chart.title}
            title={chart.title}
            aside={series
              .map(({ label, points }) => `${label} ${valueWord(chart, points.at(-1)?.value)}`)
              .join(' · ')}
          >
            <Suspense fallback={<LoadingRows rows={4} />}>
              <MetricChart
                chart={chart}
                series={series}
                axis={axis}
                placeOf={placeOf}
                markers={markers}
                last={last}
                zoom={zoom}
                onZoom={setZoom}
                smoothing={smoothing}
              />
            </Suspense>
            <NotFinite series={series} />
          </Section>
        );
      })}
    </Stack>
  );
}
