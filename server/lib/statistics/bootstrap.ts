import type { Interval } from '../stats.ts';

/** Draws of one interval at most: about a second of work. */
const MAX_DRAWS = 20_000_000;
const RESAMPLES = 10_000;
const FEWEST_RESAMPLES = 1_000;

/** How many resamples `bootstrapMean` makes of so many values. */
export const resamplesFor = (values: number): number =>
  Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, Math.floor(MAX_DRAWS / Math.max(1, values))));

/**
 * The percentile bootstrap interval of a mean: of `resamples` means of n values drawn with
 * replacement, the quantiles at alpha/2 and 1 − alpha/2 (linear interpolation, as NumPy's default).
 * Given the differences of paired items it is a paired interval of their mean.
 *
 * Each draw takes the value at `floor(random() · n)`, in order, so that any implementation of the
 * generator repeats it: with `random.Random(seed).random()` of Python it is the same interval.
 * Source: B. Efron (1979), Annals of Statistics 7, 1–26.
 *
 * @returns null when there are no values.
 */
export function bootstrapMean(
  values: readonly number[],
  alpha: number,
  random: () => number,
  resamples = resamplesFor(values.length),
): Interval | null {
  const n = values.length;
  if (n === 0) return null;
  const source = Float64Array.from(values);
  const means = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += source[Math.floor(random() * n)] as number;
    means[resample] = sum / n;
  }
  means.sort();
  return { low: quantile(means, alpha / 2), high: quantile(means, 1 - alpha / 2) };
}

/** The quantile of sorted values with linear interpolation between the two nearest. */
function quantile(sorted: Float64Array, at: number): number {
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (place - below) * (high - low);
}
