/**
 * The two-sided p value of the paired permutation test of a mean difference: the share of sign flips
 * whose mean is at least as far from 0, `(1 + hits) / (1 + resamples)`, so that it is never 0. For
 * scores that are more than right or wrong, where McNemar's test does not apply.
 *
 * Each difference keeps its sign when `random() < 0.5`, in order; items without a difference take
 * part in the draws, so that the draws depend on their number alone.
 * Source: R. A. Fisher (1935), The Design of Experiments, §21; the added one as in B. Phipson,
 * G. K. Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9, 39.
 *
 * @returns 1 when there are no differences.
 */
export function permutationTest(
  differences: readonly number[],
  random: () => number,
  resamples: number,
): number {
  const source = Float64Array.from(differences);
  const observed = Math.abs(source.reduce((sum, difference) => sum + difference, 0));
  // Sums of the same numbers in another sign order differ in the last bits.
  const reached = observed - 1e-9 * Math.max(1, observed);
  let hits = 0;
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    for (const difference of source) sum += random() < 0.5 ? difference : -difference;
    if (Math.abs(sum) >= reached) hits += 1;
  }
  return (1 + hits) / (1 + resamples);
}
