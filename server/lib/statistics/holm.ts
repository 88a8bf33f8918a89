/**
 * p values corrected for how many there are, in their own order: with Holm's step-down method the
 * chance of even one false alarm among all of them stays at alpha. The k-th smallest of m counts
 * (m − k + 1) times, and never less than the one before.
 *
 * Source: S. Holm (1979), Scandinavian Journal of Statistics 6, 65–70; the same as
 * `statsmodels.stats.multitest.multipletests(p, method='holm')`.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = Array<number>(pValues.length);
  let floor = 0;
  for (const [rank, { p, index }] of order.entries()) {
    floor = Math.max(floor, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = floor;
  }
  return adjusted;
}
