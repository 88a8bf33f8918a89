import { describe, expect, it } from 'vitest';
import { parseSmoothing, smoothCurves } from './smoothing.ts';

type P = { step: number; value: number | null };

const placeOf = ({ step }: P) => step;
const curve = (...values: (number | null)[]) => ({
  points: values.map((value, step): P => ({ step, value })),
  placeOf,
});
const valuesOf = (curve: { points: readonly P[] } | undefined) =>
  curve?.points.map(({ value }) => value);

/** The average by its definition: every earlier value, weighted by how far back it lies. */
function byDefinition(points: readonly P[], weight: number, distance: number) {
  return points.map((last, index) => {
    if (last.value === null) return null;
    const known = points.slice(0, index + 1).filter(({ value }) => value !== null);
    const weights = known.map(({ step }) => weight ** ((last.step - step) / distance));
    const sum = known.reduce((all, { value }, at) => all + (value ?? 0) * (weights[at] ?? 0), 0);
    return sum / weights.reduce((all, one) => all + one, 0);
  });
}

const closeTo = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : expect.closeTo(value, 10)));

describe('smoothCurves', () => {
  it('weighs what lies back by its distance on the axis, as its definition says', () => {
    const points = [0, 1, 2, 6, 7, 20].map((step) => ({ step, value: Math.sin(step) * 3 }));
    const [smoothed] = smoothCurves([{ points, placeOf }], 0.8);
    expect(valuesOf(smoothed)).toEqual(closeTo(byDefinition(points, 0.8, 20 / 5)));
  });

  it('begins at the first value and leaves a constant as it is', () => {
    expect(valuesOf(smoothCurves([curve(5, 5, 5)], 0.99)[0])).toEqual(closeTo([5, 5, 5]));
    expect(valuesOf(smoothCurves([curve(8, 0)], 0.5)[0])).toEqual(closeTo([8, 8 / 3]));
  });

  it('changes nothing without a weight, and nothing of a single point', () => {
    expect(valuesOf(smoothCurves([curve(3, 1, 2)], 0)[0])).toEqual([3, 1, 2]);
    expect(valuesOf(smoothCurves([curve(3)], 0.9)[0])).toEqual([3]);
    expect(valuesOf(smoothCurves([curve()], 0.9)[0])).toEqual([]);
  });

  it('keeps a point without a number a gap, and goes on after it', () => {
    const { points } = curve(4, null, 2);
    expect(valuesOf(smoothCurves([{ points, placeOf }], 0.5)[0])).toEqual(
      closeTo(byDefinition(points, 0.5, 1)),
    );
  });

  it('averages the curves of one chart over the same stretch of the axis', () => {
    const sparse = { points: [0, 10, 20].map((step) => ({ step, value: step })), placeOf };
    const dense = curve(...Array.from({ length: 21 }, (_, step) => step % 2));
    const [, smoothed] = smoothCurves([sparse, dense], 0.9);
    expect(valuesOf(smoothed)).toEqual(closeTo(byDefinition(dense.points, 0.9, 10)));
  });

  it('looks back as far on a long curve as on one of a thousand points', () => {
    const long = curve(...Array.from({ length: 2_001 }, (_, step) => Math.cos(step)));
    expect(valuesOf(smoothCurves([long], 0.9)[0])).toEqual(
      closeTo(byDefinition(long.points, 0.9, 2)),
    );
  });
});

it.each([
  ['0.9', 0.9],
  ['.25', 0.25],
  ['0', 0],
  ['1', 0],
  ['-0.5', 0],
  ['0.999', 0],
  ['NaN', 0],
  [undefined, 0],
])('reads the smoothing %j', (text, weight) => {
  expect(parseSmoothing(text)).toBe(weight);
});
