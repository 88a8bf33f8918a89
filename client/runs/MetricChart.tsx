import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatMetric } from '../lib/format.ts';
import css from './MetricChart.module.css';
import { alignSeries, type Point } from './metricStore.ts';

const HEIGHT = 220;
const COLORS = {
  light: { lines: ['#3d4abf', '#b4501a'], text: '#5a6070', grid: '#e4e6eb', mark: '#17713b' },
  dark: { lines: ['#8f9bff', '#f0a868'], text: '#9a9fac', grid: '#2a2e38', mark: '#4ac27a' },
};

/** Dashed verticals where a checkpoint was saved. */
function markers(marks: () => readonly number[], color: string): uPlot.Plugin {
  return {
    hooks: {
      draw: (chart) => {
        const { ctx, bbox } = chart;
        ctx.save();
        ctx.strokeStyle = color;
        ctx.setLineDash([4, 4]);
        ctx.beginPath();
        for (const step of marks()) {
          const x = chart.valToPos(step, 'x', true);
          if (x < bbox.left || x > bbox.left + bbox.width) continue;
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
        }
        ctx.stroke();
        ctx.restore();
      },
    },
  };
}

export function MetricChart(props: {
  title: string;
  series: readonly { label: string; points: readonly Point[] }[];
  marks: readonly number[];
  /** The last step of the run, so that all of its charts have one axis. */
  last: number;
  isSparse: boolean;
}) {
  const { title, series, marks, last, isSparse } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const latestMarks = useRef(marks);
  const colors = COLORS[useComputedColorScheme('light')];
  const labels = series.map(({ label }) => label).join('\n');

  // A new chart only for another look; new points go into the one that stands.
  useEffect(() => {
    const box = host.current;
    if (!box) return undefined;
    const axis = {
      stroke: colors.text,
      grid: { stroke: colors.grid, width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: Math.max(200, box.clientWidth),
        height: HEIGHT,
        scales: { x: { time: false } },
        axes: [
          { ...axis, size: 30 },
          { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => formatMetric(tick)) },
        ],
        series: [
          { label: 'step' },
          ...labels.split('\n').map((label, index) => ({
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
        plugins: [markers(() => latestMarks.current, colors.mark)],
        cursor: { sync: { key: 'run-metrics' } },
      },
      [[], ...labels.split('\n').map(() => [])],
      box,
    );
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
  }, [colors, labels, isSparse]);

  useEffect(() => {
    latestMarks.current = marks;
    const lines = series.map(({ points }) => points);
    chart.current?.setData(alignSeries(lines, [0, last]));
  });

  return (
    <div
      ref={host}
      className={css.chart}
      role="img"
      aria-label={`${title} by step`}
      data-testid="metric-chart"
    />
  );
}
