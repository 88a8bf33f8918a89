import { expect, test } from 'vitest';
import { checkNumbers } from './checkWords.ts';

const nothing = {
  baselineValue: null,
  candidateValue: null,
  delta: null,
  deltaPercent: null,
  itemCount: null,
  worseCount: null,
  betterCount: null,
  pValue: null,
  minDetectable: null,
  interval: null,
};

test('says every number a check has', () => {
  const words = checkNumbers({
    baselineValue: 70,
    candidateValue: 65,
    delta: -5,
    deltaPercent: -7.14,
    itemCount: 100,
    worseCount: 8,
    betterCount: 3,
    pValue: 0.2266,
    minDetectable: 9.2,
    interval: { low: -11, high: 1 },
  });
  expect(words).toBe(
    '65 instead of 70: −5.00 (−7.1 %), interval −11.00 to +1.00. ' +
      '100 paired items: 8 worse, 3 better, p = 0.227. ' +
      'The smallest difference so many items show: 9.2.',
  );
});

test('says nothing of a check that found nothing to compare', () => {
  expect(checkNumbers(nothing)).toBe('');
});
