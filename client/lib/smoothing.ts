/** Curves with the noise averaged out, to see where they go. Pure. */

type Value = { value: number | null };

export type PlacedCurve<P extends Value> = {
  points: readonly P[];
  /** Where a point stands on the x axis; ascending. */
  placeOf: (point: P) => number;
};

/** 0 is none. With the most, about the last hundred points count. */
export const MOST_SMOOTHING = 0.99;

/** The weight of the URL (`0.9`), of two digits as the slider has it; none for anything else. */
export const parseSmoothing = (text: string | undefined): number =>
  /^0?\.\d{1,2}$/.test(text ?? '') ? Number(text) : 0;

/** A curve is taken for so many points at most: more are no reason to look at less of it. */
const PARTS = 1_000;

/** How far apart the points of a curve are, on average. */
function distanceOf(places: readonly number[]): number {
  const gaps = Math.min(PARTS, places.length - 1);
  return gaps < 1 ? 0 : ((places.at(-1) ?? 0) - (places[0] ?? 0)) / gaps;
}

/**
 * The exponential moving average of each curve: what lies one distance of points back counts `weight`
 * times as much. The distance is measured on the x axis, because thinned points are not evenly spaced,
 * and is the largest of all curves, so that those of one chart are averaged over as much of the axis.
 * The sum is divided by its weights, so that a curve does not begin at zero (Adam, arXiv:1412.6980,
 * section 3, has the same correction). A point without a number stays one and counts nothing.
 */
export function smoothCurves<P extends Value>(
  curves: readonly PlacedCurve<P>[],
  weight: number,
): PlacedCurve<P>[] {
  const placed = curves.map(({ points, placeOf }) => points.map(placeOf));
  const distance = Math.max(...placed.map(distanceOf));
  return curves.map(({ points, placeOf }, line) => {
    const places = placed[line] ?? [];
    let [sum, weights, before] = [0, 0, places[0] ?? 0];
    const smoothed = points.map((point, index) => {
      const at = places[index] ?? before;
      if (point.value === null || distance <= 0) return point;
      const kept = weight ** (Math.max(0, at - before) / distance);
      sum = sum * kept + point.value;
      weights = weights * kept + 1;
      before = at;
      return { ...point, value: sum / weights };
    });
    return { points: smoothed, placeOf };
  });
}
