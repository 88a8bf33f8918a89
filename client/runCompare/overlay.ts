/** Curves of several runs on one axis. Pure: numbers in, columns for the chart out. */
import type { Axis } from '../lib/chartRange.ts';
import type { PlacedCurve } from '../lib/smoothing.ts';
import { tokensAfter } from '../lib/tokensAxis.ts';

export type CurvePoint = { step: number; value: number | null; at: string };

/** A curve on an axis: seconds count from its own first point, tokens as `counts` of its run say. */
export function placeCurve(
  points: readonly CurvePoint[],
  axis: Axis,
  counts: readonly CurvePoint[],
): PlacedCurve<CurvePoint> {
  if (axis === 'step') return { points, placeOf: ({ step }) => step };
  if (axis === 'tokens') {
    const after = tokensAfter(counts);
    return { points, placeOf: ({ step }) => after(step) };
  }
  const start = Math.min(...points.map(({ at }) => Date.parse(at)));
  return { points, placeOf: ({ at }) => (Date.parse(at) - start) / 1000 };
}

export type Columns = [number[], ...(number | null | undefined)[][]];

/**
 * One ascending x axis for all curves and one column for each. `undefined` is no point of this curve,
 * which the line passes over; `null` is a point without a number, which is a gap.
 */
export function overlay(curves: readonly PlacedCurve<CurvePoint>[]): Columns {
  const placed = curves.map(
    ({ points, placeOf }) => new Map(points.map((point) => [placeOf(point), point.value])),
  );
  const places = [...new Set(placed.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
  return [places, ...placed.map((curve) => places.map((place) => curve.get(place)))];
}

const MOST = 10;

/** The runs of the URL (`142,145`), each once, at most ten. */
export const parseNumbers = (text: string | undefined): number[] =>
  [...new Set((text ?? '').split(',').filter((word) => /^[1-9]\d{0,8}$/.test(word)))]
    .map(Number)
    .slice(0, MOST);
