/**
 * The exact two-sided p value of McNemar's test: how probable a split of the discordant pairs at
 * least this uneven is when neither side is better, `min(1, 2 · P(X ≤ min(b, c)))` with
 * X ~ Binomial(b + c, ½). 1 when no pair is discordant: nothing speaks for a difference.
 *
 * Source: Q. McNemar (1947), Psychometrika 12, 153–157, in its exact form; the same number as
 * `statsmodels.stats.contingency_tables.mcnemar(table, exact=True)`.
 *
 * @param worse pairs that only the first side got right.
 * @param better pairs that only the second side got right.
 * @throws RangeError when a count is not a whole number from 0.
 */
export function mcnemarExact(worse: number, better: number): number {
  if (!Number.isSafeInteger(worse) || !Number.isSafeInteger(better) || worse < 0 || better < 0) {
    throw new RangeError('counts must be whole numbers from 0');
  }
  const pairs = worse + better;
  if (pairs === 0) return 1;
  const fewer = Math.min(worse, better);
  // From the largest term of the tail down: each is the one before times k / (n − k + 1).
  let term = Math.exp(logChoose(pairs, fewer) - pairs * Math.LN2);
  let tail = 0;
  for (let k = fewer; k >= 0 && term > tail * Number.EPSILON; k--) {
    tail += term;
    term *= k / (pairs - k + 1);
  }
  return Math.min(1, 2 * tail);
}

const logChoose = (n: number, k: number): number =>
  logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** ln n!, exact to rounding for small n, by Stirling's series (error below 1e-13) from 32 on. */
function logFactorial(n: number): number {
  if (n < 32) {
    let product = 1;
    for (let k = 2; k <= n; k++) product *= k;
    return Math.log(product);
  }
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
