/** Medians, percentiles and ratios of what was measured. */

/** Figures of one measurement by name; the name ends in the unit. */
export type Sample = Record<string, number>;

export type Spread = { median: number; min: number; max: number };

/**
 * The value below which the share `p` (0–1) of the sorted values lies, by the nearest rank, so that
 * it is always one that was measured. NaN when there are none.
 */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const rank = Math.max(1, Math.ceil(p * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value, the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return (percentile(sorted, 0.5) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

/** The spread of every figure over all rounds; a figure missing in a round is left out of it. */
export function summarise(samples: readonly Sample[]): Record<string, Spread> {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      spread(samples.map((sample) => sample[name]).filter((value) => value !== undefined)),
    ]),
  );
}

/**
 * How many times one is the other, round by round: both ran under the same conditions within a
 * round, so that the ratio is steadier than either. Above 1 is better, whichever way the figure
 * counts.
 */
export function ratio(
  ours: readonly number[],
  theirs: readonly number[],
  better: 'higher' | 'lower',
): Spread {
  const rounds = Math.min(ours.length, theirs.length);
  const ratios = Array.from({ length: rounds }, (_, round) => {
    const [a = Number.NaN, b = Number.NaN] = [ours[round], theirs[round]];
    return better === 'higher' ? a / b : b / a;
  });
  return spread(ratios);
}

/** Latencies in milliseconds as the figures of a sample. */
export function latencies(values: Iterable<number>): Sample {
  const sorted = Float64Array.from(values).sort();
  return {
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: percentile(sorted, 1),
  };
}
