import { Button, Group } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { type FragmentType, graphql, read } from '../gql/index.ts';
import { joinList, splitList } from '../lib/filterWords.ts';
import { TOKENS_SERIES } from '../lib/tokensAxis.ts';
import { useUrlState } from '../lib/url.ts';
import { useChartRange } from '../lib/useChartRange.ts';
import { useSmoothing } from '../lib/useSmoothing.ts';
import { CHARTS, isNoisy, valueWord } from '../runs/charts.ts';
import { AxisChoice } from '../ui/AxisChoice.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LoadingRows } from '../ui/Loading.tsx';
import { Section } from '../ui/Section.tsx';
import { SmoothingSlider } from '../ui/SmoothingSlider.tsx';
import css from './ComparedCurves.module.css';
import { RunLook } from './ComparedTable.tsx';
import { type ComparedRun, runLabel } from './comparedRuns.ts';

// The chart library is for those who look at charts.
const OverlayChart = lazy(async () => ({
  default: (await import('./OverlayChart.tsx')).OverlayChart,
}));

const ComparedCurves_Series = graphql(`
  fragment ComparedCurves_Series on ComparedSeries {
    name
    curves {
      run {
        id
        number
      }
      points {
        step
        value
        at
      }
    }
  }
`);

const hasPoints = ({ points }: { points: readonly unknown[] }) => points.length > 0;

/** Known series first and as the page of a run names them. */
const KNOWN = CHARTS.flatMap(({ series }) => series);
const labelOf = (name: string) => KNOWN.find((known) => known.name === name)?.label ?? name;
const wordOf = (name: string, value: number | null | undefined) =>
  valueWord(
    CHARTS.find(({ series }) => series.some((one) => one.name === name)),
    value,
  );
const rankOf = (name: string) => {
  const rank = KNOWN.findIndex((known) => known.name === name);
  return rank < 0 ? KNOWN.length : rank;
};

/** One chart for each series. Which runs are drawn, the axis and the zoom are those of all charts. */
export function ComparedCurves(props: {
  runs: readonly ComparedRun[];
  series: readonly FragmentType<typeof ComparedCurves_Series>[];
}) {
  const { runs } = props;
  const [url, setUrl] = useUrlState('hide');
  const hidden = new Set(splitList(url.hide));
  const all = read(ComparedCurves_Series, props.series);
  const series = all
    .filter(({ name, curves }) => name !== TOKENS_SERIES && curves.some(hasPoints))
    .toSorted((a, b) => rankOf(a.name) - rankOf(b.name) || a.name.localeCompare(b.name));
  const counts = all.find(({ name }) => name === TOKENS_SERIES)?.curves ?? [];
  const tokensOf = new Map(counts.map(({ run, points }) => [run.id, points]));
  // Of a run that did not count them, nothing could be drawn.
  const hasTokens = series.every(({ curves }) =>
    curves.filter(hasPoints).every(({ run }) => tokensOf.get(run.id)?.length),
  );
  const { axis, axes, zoom, setAxis, setZoom } = useChartRange({ hasTokens });
  const [smoothing, setSmoothing] = useSmoothing();
  if (series.length === 0) {
    return (
      <Section title="Curves">
        <EmptyState title="No curves yet">
          Loss, learning rate and throughput of the runs appear here on one axis.
        </EmptyState>
      </Section>
    );
  }
  const lookOf = new Map(runs.map((run, index) => [run.id, index]));
  const toggle = (number: string) => {
    const next = hidden.has(number)
      ? [...hidden].filter((other) => other !== number)
      : [...hidden, number];
    setUrl({ hide: next.length > 0 ? joinList(next) : undefined });
  };
  return (
    <>
      <div className={css.controls}>
        <div className={css.legend} role="toolbar" aria-label="Runs in the charts">
          {runs.map((run, index) => (
            <button
              key={run.id}
              type="button"
              className={css.run}
              aria-pressed={!hidden.has(String(run.number))}
              onClick={() => toggle(String(run.number))}
              data-testid="legend-run"
            >
              <RunLook look={index} />
              {runLabel(run)}
            </button>
          ))}
        </div>
        <Group gap="xs">
          {zoom && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setZoom(undefined)}
              data-testid="zoom-out"
            >
              Show all
            </Button>
          )}
          <SmoothingSlider value={smoothing} onChange={setSmoothing} />
          <AxisChoice value={axis} axes={axes} onChange={setAxis} />
        </Group>
      </div>
      <div className={css.charts}>
        {series.map(({ name, curves }) => (
          <Section
            key={name}
            title={labelOf(name)}
            aside={
              <span className={css.last}>
                {curves
                  .filter(({ run }) => !hidden.has(String(run.number)))
                  .map(({ run, points }) => `#${run.number} ${wordOf(name, points.at(-1)?.value)}`)
                  .join(' · ')}
              </span>
            }
          >
            <Suspense fallback={<LoadingRows rows={7} />}>
              <OverlayChart
                title={labelOf(name)}
                valueWord={(value) => wordOf(name, value)}
                curves={curves.map(({ run, points }) => ({
                  label: `#${run.number}`,
                  look: lookOf.get(run.id) ?? 0,
                  isHidden: hidden.has(String(run.number)),
                  points,
                  tokens: tokensOf.get(run.id) ?? [],
                }))}
                axis={axis}
                zoom={zoom}
                onZoom={setZoom}
                smoothing={isNoisy(name) ? smoothing : 0}
              />
            </Suspense>
          </Section>
        ))}
      </div>
    </>
  );
}
