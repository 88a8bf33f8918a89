import type { Axis, Zoom } from '../lib/chartRange.ts';
import { smoothCurves } from '../lib/smoothing.ts';
import { RAW_ALPHA, ZoomChart } from '../lib/ZoomChart.tsx';
import { LOOKS } from './looks.ts';
import css from './OverlayChart.module.css';
import { type CurvePoint, overlay, placeCurve } from './overlay.ts';

export type Curve = {
  label: string;
  /** Which of the looks it has in every chart of the page. */
  look: number;
  isHidden: boolean;
  points: readonly CurvePoint[];
  /** How many tokens its run had trained on. */
  tokens: readonly CurvePoint[];
};

/** One series of several runs. */
export function OverlayChart(props: {
  title: string;
  valueWord: (value: number | null) => string;
  curves: readonly Curve[];
  axis: Axis;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
  /** 0 draws the curves as they are. */
  smoothing: number;
}) {
  const { title, curves, axis, zoom, smoothing } = props;
  const isSmoothed = smoothing > 0;
  return (
    <ZoomChart
      // A new chart only for another look; new points, a zoom and the legend go into the one that
      // stands.
      key={JSON.stringify([axis, isSmoothed, curves.map(({ label, look }) => [label, look])])}
      className={css.chart}
      label={`${title} of ${curves.map(({ label }) => label).join(', ')}`}
      testId="overlay-chart"
      onZoom={props.onZoom}
      look={{
        ...{ axis, height: 240, syncKey: 'compared-runs', hasLegend: false },
        valueWord: props.valueWord,
        lines: (scheme) => {
          const lines = curves.map(({ label, look }) => ({
            label,
            stroke: LOOKS[look]?.[scheme],
            dash: LOOKS[look]?.dash,
            points: { show: false },
          }));
          // What is smoothed stays to be seen behind.
          return isSmoothed
            ? [...lines.map((line) => ({ ...line, alpha: RAW_ALPHA })), ...lines]
            : lines;
        },
      }}
      onDraw={(plot) => {
        const placed = curves.map(({ points, tokens }) => placeCurve(points, axis, tokens));
        const smoothed = isSmoothed ? smoothCurves(placed, smoothing) : [];
        const columns = overlay([...placed, ...smoothed]);
        plot.setData(columns, false);
        for (let line = 1; line < columns.length; line++) {
          plot.setSeries(line, { show: !curves[(line - 1) % curves.length]?.isHidden });
        }
        const min = zoom?.from ?? columns[0][0] ?? 0;
        plot.setScale('x', { min, max: zoom?.to ?? columns[0].at(-1) ?? 1 });
      }}
    />
  );
}
