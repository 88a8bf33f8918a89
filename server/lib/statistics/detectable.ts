import { normalQuantile } from './normal.ts';

/** The chance of seeing a difference that is there. */
const POWER = 0.8;

/**
 * The smallest mean difference that n paired items show with 80 % power at two-sided `alpha`:
 * `(z(1 − alpha/2) + z(0.8)) · s / √n`, s being the standard deviation of the paired differences.
 *
 * Few items may by chance show no difference at all, and s would be 0. One more item that is worse
 * and one that is better are therefore added before s is taken (as Agresti and Min (2005), Statistics
 * in Medicine 24, 729–740, do for intervals), so that the answer is never "any difference".
 *
 * @param differences candidate minus baseline of each item; of right or wrong: −1, 0, 1.
 * @returns null when there are no items.
 */
export function minDetectable(differences: readonly number[], alpha: number): number | null {
  if (differences.length === 0) return null;
  const n = differences.length + 2;
  let sum = 0;
  let squares = 2; // of the two that are added: (−1)² + 1²
  for (const difference of differences) {
    sum += difference;
    squares += difference * difference;
  }
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
  return ((normalQuantile(1 - alpha / 2) + normalQuantile(POWER)) * deviation) / Math.sqrt(n);
}
