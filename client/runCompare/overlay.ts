/** Curves of several runs on one axis. Pure: numbers in, columns for the chart out. */
import type { Axis } from '../lib/chartRange.ts';

export type CurvePoint = { step: number; value: number | null; at: string };

/** Where a point stands: its step, or seconds since the first point of its run. */
export const placeOf = (axis: Axis, points: readonly CurvePoint[]) => {
  const start = Math.min(...points.map(({ at }) => Date.parse(at)));
  return (point: CurvePoint) =>
    axis === 'step' ? point.step : (Date.parse(point.at) - start) / 1000;
};

export type Columns = [number[], ...(number | null | undefined)[][]];

/**
 * One ascending x axis for all curves and one column for each. `undefined` is no point of this curve,
 * which the line passes over; `null` is a point without a number, which is a gap.
 */
export function overlay(curves: readonly (readonly CurvePoint[])[], axis: Axis): Columns {
  const placed = curves.map((points) => {
    const place = placeOf(axis, points);
    return new Map(points.map((point) => [place(point), point.value]));
  });
  const places = [...new Set(placed.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
  return [places, ...placed.map((curve) => places.map((place) => curve.get(place)))];
}

const MOST = 10;

/** The runs of the URL (`142,145`), each once, at most ten. */
export const parseNumbers = (text: string | undefined): number[] =>
  [...new Set((text ?? '').split(',').filter((word) => /^[1-9]\d{0,8}$/.test(word)))]
    .map(Number)
    .slice(0, MOST);
