/** Steps as tokens, to draw curves by what they have learned from. Pure. */

/** The series that counts the tokens trained on since the first step. */
export const TOKENS_SERIES = 'train/tokens';

/**
 * How many tokens had been trained on after a step, from points of `TOKENS_SERIES` by step. Between two
 * of them, which may have been thinned out, it rises evenly; before the first it begins at 0.
 */
export function tokensAfter(
  points: readonly { step: number; value: number | null }[],
): (step: number) => number {
  const known = [{ step: 0, value: 0 }, ...points].map(({ step, value }) => [step, value ?? 0]);
  return (step) => {
    let [low, high] = [0, known.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((known[middle]?.[0] ?? 0) <= step) low = middle;
      else high = middle - 1;
    }
    const [from = 0, least = 0] = known[low] ?? [];
    const [to = from, most = least] = known[low + 1] ?? [];
    return to > from ? least + ((most - least) * (step - from)) / (to - from) : least;
  };
}
