import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatCount, formatDuration, formatMetric } from '../lib/format.ts';
import type { Axis, Zoom } from '../runCompare/overlay.ts';
import { chartMarks, type Marker } from './chartMarks.ts';
import css from './MetricChart.module.css';
import { alignSeries, type PlaceOf, type Point } from './metricStore.ts';

const HEIGHT = 220;
const COLORS = {
  light: { lines: ['#3d4abf', '#b4501a'], text: '#5a6070', grid: '#e4e6eb' },
  dark: { lines: ['#8f9bff', '#f0a868'], text: '#9a9fac', grid: '#2a2e38' },
};

/** One chart of a run. A drag along the x axis zooms, a double click shows all again. */
export function MetricChart(props: {
  title: string;
  series: readonly { label: string; points: readonly Point[] }[];
  axis: Axis;
  placeOf: PlaceOf;
  markers: readonly Marker[];
  /** The end of the x axis, so that all charts of the run have one. */
  last: number;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
  isSparse: boolean;
}) {
  const { title, series, axis, isSparse } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const latest = useRef(props);
  const scheme = useComputedColorScheme('light');
  const labels = series.map(({ label }) => label).join('\n');

  // A new chart only for another look; new points and a zoom go into the one that stands.
  useEffect(() => {
    const box = host.current;
    if (!box) return undefined;
    const colors = COLORS[scheme];
    const edge = {
      stroke: colors.text,
      grid: { stroke: colors.grid, width: 1 },
      ticks: { show: false },
    };
    const onX = (value: number) => (axis === 'wall' ? formatDuration(value) : formatCount(value));
    const names = labels.split('\n');
    const marks = chartMarks(() => {
      const { series: drawn, placeOf, markers } = latest.current;
      const odd = drawn.flatMap(({ points }, line) =>
        points
          .filter(({ kind }) => kind !== 'FINITE')
          .map((point) => ({ place: placeOf(point), kind: point.kind, line })),
      );
      return { markers, odd, lines: colors.lines, scheme };
    });
    const plot = new uPlot(
      {
        width: Math.max(200, box.clientWidth),
        height: HEIGHT,
        scales: { x: { time: false } },
        axes: [
          { ...edge, size: 30, values: (_, ticks) => ticks.map(onX) },
          { ...edge, size: 64, values: (_, ticks) => ticks.map((tick) => formatMetric(tick)) },
        ],
        series: [
          {
            label: axis === 'wall' ? 'time' : 'step',
            value: (_, at) => (at === null ? '–' : onX(at)),
          },
          ...names.map((label, index) => ({
            label,
            stroke: colors.lines[index % colors.lines.length],
            // The second line is dashed too: colour alone would not tell them apart.
            dash: index > 0 ? [6, 4] : undefined,
            width: 1.75,
            // A sparse series (eval every n steps) still is one line; NaN stays a gap.
            spanGaps: index > 0,
            points: { show: index > 0 || isSparse },
            value: (_: uPlot, value: number | null) => formatMetric(value),
          })),
        ],
        plugins: [marks],
        cursor: { sync: { key: 'run-metrics' }, drag: { x: true, y: false, setScale: false } },
        hooks: {
          setSelect: [
            ({ select, posToVal }) => {
              if (select.width < 4) return;
              const from = posToVal(select.left, 'x');
              const to = posToVal(select.left + select.width, 'x');
              latest.current.onZoom({ from, to });
            },
          ],
        },
      },
      [[], ...names.map(() => [])],
      box,
    );
    plot.over.addEventListener('dblclick', () => latest.current.onZoom(undefined));
    chart.current = plot;
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(200, box.clientWidth), height: HEIGHT }),
    );
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [scheme, labels, axis, isSparse]);

  useEffect(() => {
    latest.current = props;
    const plot = chart.current;
    if (!plot) return;
    const lines = series.map(({ points }) => points);
    plot.batch(() => {
      plot.setData(alignSeries(lines, props.placeOf, [0, props.last]), false);
      plot.setScale('x', { min: props.zoom?.from ?? 0, max: props.zoom?.to ?? props.last });
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    });
  });

  return (
    <div
      ref={host}
      className={css.chart}
      role="img"
      aria-label={`${title} by ${axis === 'wall' ? 'time' : 'step'}`}
      data-testid="metric-chart"
    />
  );
}
