import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatDuration, formatMetric } from '../lib/format.ts';
import { LOOKS } from './looks.ts';
import css from './OverlayChart.module.css';
import { type Axis, type CurvePoint, overlay, type Zoom } from './overlay.ts';

const HEIGHT = 240;
const FRAME = {
  light: { text: '#5a6070', grid: '#e4e6eb' },
  dark: { text: '#9a9fac', grid: '#2a2e38' },
};

export type Curve = {
  label: string;
  /** Which of the looks it has in every chart of the page. */
  look: number;
  isHidden: boolean;
  points: readonly CurvePoint[];
};

/** One series of several runs. A drag along the x axis zooms, a double click shows all again. */
export function OverlayChart(props: {
  title: string;
  curves: readonly Curve[];
  axis: Axis;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
}) {
  const { title, curves, axis, zoom } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const onZoom = useRef(props.onZoom);
  const scheme = useComputedColorScheme('light');
  const key = JSON.stringify(curves.map(({ label, look }) => [label, look]));

  // A new chart only for another look; new points, a zoom and the legend go into the one that stands.
  useEffect(() => {
    const box = host.current;
    if (!box) return undefined;
    const frame = FRAME[scheme];
    const lines = JSON.parse(key) as [label: string, look: number][];
    const edge = {
      stroke: frame.text,
      grid: { stroke: frame.grid, width: 1 },
      ticks: { show: false },
    };
    const onX = (value: number) => (axis === 'wall' ? formatDuration(value) : String(value));
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
          ...lines.map(([label, look]) => ({
            label,
            stroke: LOOKS[look]?.[scheme],
            dash: LOOKS[look]?.dash,
            width: 1.75,
            points: { show: false },
            value: (_: uPlot, value: number | null) => formatMetric(value),
          })),
        ],
        legend: { show: false },
        cursor: { sync: { key: 'compared-runs' }, drag: { x: true, y: false, setScale: false } },
        hooks: {
          setSelect: [
            ({ select, posToVal }) => {
              if (select.width < 4) return;
              const from = posToVal(select.left, 'x');
              onZoom.current({ from, to: posToVal(select.left + select.width, 'x') });
            },
          ],
        },
      },
      [[], ...lines.map(() => [])],
      box,
    );
    plot.over.addEventListener('dblclick', () => onZoom.current(undefined));
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
  }, [scheme, key, axis]);

  useEffect(() => {
    onZoom.current = props.onZoom;
    const plot = chart.current;
    if (!plot) return;
    const columns = overlay(
      curves.map(({ points }) => points),
      axis,
    );
    plot.batch(() => {
      plot.setData(columns, false);
      for (const [index, { isHidden }] of curves.entries()) {
        plot.setSeries(index + 1, { show: !isHidden });
      }
      const min = zoom?.from ?? columns[0][0] ?? 0;
      plot.setScale('x', { min, max: zoom?.to ?? columns[0].at(-1) ?? 1 });
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    });
  });

  return (
    <div
      ref={host}
      className={css.chart}
      role="img"
      aria-label={`${title} of ${curves.map(({ label }) => label).join(', ')}`}
      data-testid="overlay-chart"
    />
  );
}
