import { useRef } from 'react';
import { AXIS_WORDS, type Axis, type Zoom } from '../lib/chartRange.ts';
import { smoothCurves } from '../lib/smoothing.ts';
import { RAW_ALPHA, ZoomChart } from '../lib/ZoomChart.tsx';
import { chartMarks, type Marker, type Marks } from './chartMarks.ts';
import { type Chart, valueWord } from './charts.ts';
import css from './MetricChart.module.css';
import { alignSeries, type PlaceOf, type Point } from './metricStore.ts';

const LINES = { light: ['#3d4abf', '#b4501a'], dark: ['#8f9bff', '#f0a868'] };

type MetricSeries = {
  label: string;
  points: readonly Point[];
  /** Whether the noise of it can be averaged out. */
  isNoisy: boolean;
  /** Whether each value is to be seen by itself. */
  isSparse: boolean;
};

/** One chart of a run. */
export function MetricChart(props: {
  chart: Chart;
  series: readonly MetricSeries[];
  axis: Axis;
  placeOf: PlaceOf;
  markers: readonly Marker[];
  /** The end of the x axis, so that all charts of the run have one. */
  last: number;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
  smoothing: number;
}) {
  const { chart, series, axis, placeOf, smoothing } = props;
  const { title } = chart;
  const labels = series.map(({ label }) => label);
  const smoothed = smoothing > 0 ? series.filter(({ isNoisy }) => isNoisy) : [];
  // Drawn again by the chart itself when its size changes.
  const marks = useRef<Marks>({ markers: [], odd: [] });
  return (
    <ZoomChart
      // A new chart only for another look; new points and a zoom go into the one that stands.
      key={JSON.stringify([axis, labels, smoothed.length])}
      className={css.chart}
      label={`${title} by ${AXIS_WORDS[axis]}`}
      testId="metric-chart"
      onZoom={props.onZoom}
      look={{
        ...{ axis, height: 220, syncKey: 'run-metrics', hasLegend: true },
        valueWord: (value) => valueWord(chart, value),
        lines: (scheme) => [
          ...series.map((one, index) => ({
            label: one.label,
            stroke: LINES[scheme][index % LINES[scheme].length],
            // What is smoothed stays to be seen behind.
            alpha: smoothed.includes(one) ? RAW_ALPHA : 1,
            // The second line is dashed too: colour alone would not tell them apart.
            dash: index > 0 ? [6, 4] : undefined,
            // A sparse series still is one line; NaN in another stays a gap.
            spanGaps: one.isSparse,
            points: { show: one.isSparse },
          })),
          ...smoothed.map((one) => ({
            label: `${one.label}, smoothed`,
            stroke: LINES[scheme][series.indexOf(one) % LINES[scheme].length],
            points: { show: false },
          })),
        ],
        plugins: (scheme) => [
          chartMarks(() => ({ ...marks.current, lines: LINES[scheme], scheme })),
        ],
      }}
      onDraw={(plot) => {
        const odd = series.flatMap(({ points }, line) =>
          points
            .filter(({ kind }) => kind !== 'FINITE')
            .map((point) => ({ place: placeOf(point), kind: point.kind, line })),
        );
        marks.current = { markers: props.markers, odd };
        const lines = [
          ...series.map(({ points }) => points),
          ...smoothed
            .flatMap(({ points }) => smoothCurves([{ points, placeOf }], smoothing))
            .map(({ points }) => points),
        ];
        plot.setData(alignSeries(lines, placeOf, [0, props.last]), false);
        plot.setScale('x', { min: props.zoom?.from ?? 0, max: props.zoom?.to ?? props.last });
      }}
    />
  );
}
