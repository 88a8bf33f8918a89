import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { AXIS_WORDS, type Axis, placeWord, type Zoom } from './chartRange.ts';

const FRAME = {
  light: { text: '#5a6070', grid: '#e4e6eb' },
  dark: { text: '#9a9fac', grid: '#2a2e38' },
};

export type Scheme = keyof typeof FRAME;

export type ChartLook = {
  axis: Axis;
  /** In pixels. */
  height: number;
  /** A value of the y axis in words. */
  valueWord: (value: number | null) => string;
  /** Charts with one key have one cursor. */
  syncKey: string;
  hasLegend: boolean;
  lines: (scheme: Scheme) => uPlot.Series[];
  plugins?: (scheme: Scheme) => uPlot.Plugin[];
};

/** How much of a line is seen behind the one that smooths it. */
export const RAW_ALPHA = 0.3;

function optionsOf(
  look: ChartLook,
  scheme: Scheme,
  width: number,
  onZoom: (zoom: Zoom) => void,
): uPlot.Options {
  const frame = FRAME[scheme];
  const edge = {
    stroke: frame.text,
    grid: { stroke: frame.grid, width: 1 },
    ticks: { show: false },
  };
  const line: uPlot.Series = { width: 1.75, value: (_, value) => look.valueWord(value) };
  const onX = (at: number) => placeWord(look.axis, at);
  return {
    width,
    height: look.height,
    scales: { x: { time: false } },
    axes: [
      { ...edge, size: 30, values: (_, ticks) => ticks.map((tick) => onX(tick)) },
      { ...edge, size: 64, values: (_, ticks) => ticks.map((tick) => look.valueWord(tick)) },
    ],
    series: [
      { label: AXIS_WORDS[look.axis], value: (_, at) => (at === null ? '–' : onX(at)) },
      ...look.lines(scheme).map((own) => ({ ...line, ...own })),
    ],
    plugins: look.plugins?.(scheme),
    legend: { show: look.hasLegend },
    cursor: { sync: { key: look.syncKey }, drag: { x: true, y: false, setScale: false } },
    hooks: {
      setSelect: [
        ({ select, posToVal }) => {
          if (select.width < 4) return;
          const to = posToVal(select.left + select.width, 'x');
          onZoom({ from: posToVal(select.left, 'x'), to });
        },
      ],
    },
  };
}

/**
 * Lines over an axis. A drag along the x axis zooms, a double click shows all again.
 *
 * Its look is taken once, again for another colour scheme: give it a `key` that changes with it.
 * `onDraw` runs after every render, to put points and scales into the chart that stands.
 */
export function ZoomChart(props: {
  look: ChartLook;
  onDraw: (chart: uPlot) => void;
  onZoom: (zoom: Zoom | undefined) => void;
  className: string | undefined;
  label: string;
  testId: string;
}) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const latest = useRef(props);
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    const box = host.current;
    if (!box) return undefined;
    const { look } = latest.current;
    const size = () => ({ width: Math.max(200, box.clientWidth), height: look.height });
    const onZoom = (zoom: Zoom | undefined) => latest.current.onZoom(zoom);
    const options = optionsOf(look, scheme, size().width, onZoom);
    const plot = new uPlot(options, [[], ...options.series.slice(1).map(() => [])], box);
    plot.over.addEventListener('dblclick', () => onZoom(undefined));
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [scheme]);

  useEffect(() => {
    latest.current = props;
    const plot = chart.current;
    if (!plot) return;
    plot.batch(() => {
      props.onDraw(plot);
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    });
  });

  return (
    <div
      ref={host}
      className={props.className}
      role="img"
      aria-label={props.label}
      data-testid={props.testId}
    />
  );
}
