/** A paired comparison in sentences. Values are item scores of 0–1 and shown as points of 100. */
import { plural } from '../lib/format.ts';

export type Paired = {
  items: number;
  baselineMean: number;
  candidateMean: number;
  delta: number;
  lower: number;
  higher: number;
  test: 'MCNEMAR_EXACT' | 'PAIRED_PERMUTATION';
  pValue: number;
  interval: { low: number; high: number };
  minDetectable: number;
  alpha: number;
};

/** A fraction as points of 100, with its sign. */
export const points = (fraction: number): string => {
  const value = Number((fraction * 100).toFixed(1));
  return `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(1)}`;
};

/** A probability as people write it. */
export const probability = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`);

const TESTS: Record<string, string> = {
  MCNEMAR_EXACT: "McNemar's exact test",
  PAIRED_PERMUTATION: 'a paired permutation test',
  tolerance: 'the tolerance alone',
};

/** The rule that decided, in words. */
export const testWords = (test: string): string => TESTS[test] ?? test;

export type Finding = 'better' | 'worse' | 'unclear';

/** What a comparison finds: a difference counts when it is significant at its alpha. */
export const findingOf = ({ delta, pValue, alpha }: Paired): Finding =>
  pValue >= alpha || delta === 0 ? 'unclear' : delta > 0 ? 'better' : 'worse';

export const FINDING_TITLE: Record<Finding, string> = {
  better: 'The candidate is better',
  worse: 'The candidate is worse',
  unclear: 'No difference can be told',
};

/** The whole comparison, one sentence each. */
export function pairedSentences(paired: Paired): string[] {
  const { items, baselineMean, candidateMean, delta, interval, alpha } = paired;
  const percent = (fraction: number) => (fraction * 100).toFixed(1);
  const confidence = Number(((1 - alpha) * 100).toFixed(4));
  const sentences = [
    `On ${plural(items, 'shared item')} it scores ${percent(candidateMean)} instead of ${percent(baselineMean)}: ${points(delta)} points, ${confidence} % interval ${points(interval.low)} to ${points(interval.high)}.`,
    `${plural(paired.lower, 'item')} got worse and ${paired.higher} better; ${probability(paired.pValue)} by ${testWords(paired.test)}.`,
  ];
  if (findingOf(paired) === 'unclear') {
    sentences.push(
      `With so many items only a difference of about ${percent(paired.minDetectable)} points or more would be seen four times in five.`,
    );
  }
  return sentences;
}
