import type { Split } from '../../prisma/generated/client/enums.ts';
import type { Fractions } from './model.ts';

/** How many stand on each side. */
export type SideCounts = Record<Split, number>;

/**
 * SQL: where a prompt stands between 0 and 1, by the first 52 bits of a hash of its hash. Prompts
 * are put on sides by it, so that a prompt is on the same side in every dataset.
 */
export const PLACE = (promptHash: string) =>
  `('x' || substr(encode(sha256(convert_to('split:' || ${promptHash}, 'UTF8')), 'hex'), 1, 13))
     ::bit(52)::bigint::float8 / 4503599627370496`;

/**
 * How many distinct prompts go to each side, in the order of their places: those below the bounds
 * of the fractions, as counted. From three prompts up, a side with a fraction above 0 that got
 * nothing takes the nearest prompt of the largest side; below three, all are TRAIN.
 */
export function sideCounts(counted: SideCounts, fractions: Fractions): SideCounts {
  const counts = { ...counted };
  const prompts = counts.TRAIN + counts.EVAL + counts.TEST;
  if (prompts < 3) return { TRAIN: prompts, EVAL: 0, TEST: 0 };
  const wanted = { TRAIN: fractions.train, EVAL: fractions.eval, TEST: fractions.test };
  const largest = () =>
    (['TRAIN', 'EVAL', 'TEST'] as const).reduce((a, b) => (counts[b] > counts[a] ? b : a));
  for (const side of ['TRAIN', 'EVAL', 'TEST'] as const) {
    if (wanted[side] > 0 && counts[side] === 0) {
      counts[largest()] -= 1;
      counts[side] = 1;
    }
  }
  // Rounding may leave a sliver above the last bound; it belongs to the last side that wants any.
  if (wanted.TEST === 0) {
    counts[wanted.EVAL > 0 ? 'EVAL' : 'TRAIN'] += counts.TEST;
    counts.TEST = 0;
  }
  return counts;
}
