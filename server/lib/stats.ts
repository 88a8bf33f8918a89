/** A range that holds the true value with a stated confidence. */
export type Interval = { low: number; high: number };

/** 97.5 % quantile of the standard normal distribution: two-sided 95 %. */
const Z95 = 1.959963984540054;

/**
 * The 95 % Wilson score interval of a proportion, in 0–1.
 *
 *   (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)
 *
 * It stays inside 0–1 and is honest for few items and for 0 % and 100 %, where the usual ±√ of the
 * normal approximation has no width. Source: E. B. Wilson (1927), "Probable inference, the law of
 * succession, and statistical inference", JASA 22, 209–212; without continuity correction, as in
 * Brown, Cai, DasGupta (2001), eq. 4.
 *
 * @returns null when there are no items: nothing is known then.
 * @throws RangeError when the counts are not whole numbers with 0 ≤ successes ≤ total.
 */
export function wilsonInterval(successes: number, total: number): Interval | null {
  if (!Number.isInteger(successes) || !Number.isInteger(total)) {
    throw new RangeError('counts must be whole numbers');
  }
  if (successes < 0 || successes > total) {
    throw new RangeError('successes must be between 0 and total');
  }
  return total === 0 ? null : wilsonOfMean(successes / total, total);
}

/**
 * The same interval for the mean of at least one value in 0–1. A mean of such values varies no more
 * than a share of the same size does, so for values between right and wrong it is wider than need be
 * and never too narrow.
 * @throws RangeError when the mean is not in 0–1, or of nothing.
 */
export function wilsonOfMean(p: number, count: number): Interval {
  if (!(p >= 0 && p <= 1 && count > 0)) throw new RangeError('the mean must be of values in 0–1');
  const z2 = Z95 * Z95;
  const centre = p + z2 / (2 * count);
  const spread = Z95 * Math.sqrt((p * (1 - p)) / count + z2 / (4 * count * count));
  const scale = 1 + z2 / count;
  // At the ends the formula gives exactly 0 and 1; floating point misses them by 1e-17.
  return {
    low: p === 0 ? 0 : (centre - spread) / scale,
    high: p === 1 ? 1 : (centre + spread) / scale,
  };
}

/**
 * The means whose Wilson intervals over `count` values touch the given one: an end e of an interval
 * belongs to the mean p with |p − e| = z·√(e(1−e)/n), by which Wilson defines it.
 */
export function wilsonReach({ low, high }: Interval, count: number): Interval {
  const reach = (end: number) => Z95 * Math.sqrt((end * (1 - end)) / count);
  return { low: low - reach(low), high: high + reach(high) };
}
