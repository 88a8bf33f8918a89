import { describe, expect, it, test } from 'vitest';
import { findingOf, type Paired, pairedSentences, points, probability } from './pairedWords.ts';

const lost: Paired = {
  items: 100,
  baselineMean: 0.7,
  candidateMean: 0.65,
  delta: -0.05,
  lower: 8,
  higher: 3,
  test: 'MCNEMAR_EXACT',
  pValue: 0.2266,
  interval: { low: -0.11, high: 0.01 },
  minDetectable: 0.092,
  alpha: 0.05,
};

test.each([
  [0.05, '+5.0'],
  [-0.123, '−12.3'],
  [-0.0001, '±0.0'],
])('the fraction %s is %s points', (fraction, text) => {
  expect(points(fraction)).toBe(text);
});

test.each([
  [0.0004, 'p < 0.001'],
  [0.2266, 'p = 0.227'],
])('the probability %s reads %s', (p, text) => {
  expect(probability(p)).toBe(text);
});

describe('pairedSentences', () => {
  it('says how large a difference would be seen when none can be told', () => {
    expect(findingOf(lost)).toBe('unclear');
    expect(pairedSentences(lost)).toEqual([
      'On 100 shared items it scores 65.0 instead of 70.0: −5.0 points, 95 % interval −11.0 to +1.0.',
      "8 items got worse and 3 better; p = 0.227 by McNemar's exact test.",
      'With so many items only a difference of about 9.2 points or more would be seen four times in five.',
    ]);
  });

  it('leaves that out when the difference is significant', () => {
    const clear = { ...lost, pValue: 0.01 };
    expect(findingOf(clear)).toBe('worse');
    expect(findingOf({ ...clear, delta: 0.05 })).toBe('better');
    expect(pairedSentences(clear)).toHaveLength(2);
  });
});
