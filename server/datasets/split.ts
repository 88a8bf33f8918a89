import type { Split } from '../../prisma/generated/client/enums.ts';
import { sha256 } from '../lib/canonical.ts';
import type { Fractions } from './model.ts';

/** Where a prompt stands between 0 and 1: the first 52 bits of a hash of its hash. */
const place = (promptHash: string): number =>
  Number.parseInt(sha256(`split:${promptHash}`).slice(0, 13), 16) / 2 ** 52;

/**
 * Puts every prompt on one side, the same one in every dataset: by its place between 0 and 1
 * against the fractions. From three distinct prompts up, a side with a fraction above 0 that got
 * nothing takes the nearest prompt of the largest side; below three, all is TRAIN.
 */
export function assignSplits(
  promptHashes: Iterable<string>,
  fractions: Fractions,
): Map<string, Split> {
  const prompts = [...new Set(promptHashes)].map((hash) => ({ hash, at: place(hash) }));
  prompts.sort((a, b) => a.at - b.at || (a.hash < b.hash ? -1 : 1));
  if (prompts.length < 3) return new Map(prompts.map(({ hash }) => [hash, 'TRAIN']));

  const evalFrom = fractions.train;
  const testFrom = fractions.train + fractions.eval;
  const counts = {
    TRAIN: prompts.filter(({ at }) => at < evalFrom).length,
    EVAL: prompts.filter(({ at }) => at >= evalFrom && at < testFrom).length,
    TEST: prompts.filter(({ at }) => at >= testFrom).length,
  };
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
  return new Map(
    prompts.map(({ hash }, index) => [
      hash,
      index < counts.TRAIN ? 'TRAIN' : index < counts.TRAIN + counts.EVAL ? 'EVAL' : 'TEST',
    ]),
  );
}
