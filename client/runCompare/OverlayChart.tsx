import type { Axis, Zoom } from '../lib/chartRange.ts';
import { ZoomChart } from '../lib/ZoomChart.tsx';
import { LOOKS } from './looks.ts';
import css from './OverlayChart.module.css';
import { type CurvePoint, overlay } from './overlay.ts';

export type Curve = {
  label: string;
  /** Which of the looks it has in every chart of the page. */
  look: number;
  isHidden: boolean;
  points: readonly CurvePoint[];
};

/** One series of several runs. */
export function OverlayChart(props: {
  title: string;
  curves: readonly Curve[];
  axis: Axis;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
}) {
  const { title, curves, axis, zoom } = props;
  return (
    <ZoomChart
      // A new chart only for another look; new points, a zoom and the legend go into the one that
      // stands.
      key={JSON.stringify([axis, curves.map(({ label, look }) => [label, look])])}
      className={css.chart}
      label={`${title} of ${curves.map(({ label }) => label).join(', ')}`}
      testId="overlay-chart"
      onZoom={props.onZoom}
      look={{
        ...{ axis, height: 240, syncKey: 'compared-runs', hasLegend: false },
        lines: (scheme) =>
          curves.map(({ label, look }) => ({
            label,
            stroke: LOOKS[look]?.[scheme],
            dash: LOOKS[look]?.dash,
            points: { show: false },
          })),
      }}
      onDraw={(plot) => {
        const points = curves.map((curve) => curve.points);
        const columns = overlay(points, axis);
        plot.setData(columns, false);
        for (const [index, { isHidden }] of curves.entries()) {
          plot.setSeries(index + 1, { show: !isHidden });
        }
        const min = zoom?.from ?? columns[0][0] ?? 0;
        plot.setScale('x', { min, max: zoom?.to ?? columns[0].at(-1) ?? 1 });
      }}
    />
  );
}
