import { describe, expect, test } from 'vitest';
import { findVerdict, isLowerBetter, type Measured, percentOf } from './verdict.ts';

const measured = (value: number | null, other: Partial<Measured> = {}): Measured => ({
  value,
  itemsHash: 'a'.repeat(64),
  split: 'TEST',
  judge: 'answer_correctness',
  judgeVersion: 1,
  ...other,
});
const rule = (tolerance: number, lowerIsBetter = false) => ({
  metric: 'score',
  lowerIsBetter,
  tolerance,
});

describe('findVerdict', () => {
  test.each([
    // tolerance, baseline, candidate, verdict, deltaPercent; higher is better
    [5, 80, 80, 'PASS', 0],
    [5, 80, 100, 'PASS', 25],
    [5, 80, 76, 'PASS', -5],
    [5, 80, 75.99, 'REGRESSED', -5.01],
    [5, 0.8, 0.76, 'PASS', -5],
    [10, 0.3, 0.27, 'PASS', -10],
    [0, 80, 80, 'PASS', 0],
    [0, 80, 79.999, 'REGRESSED', -0],
    [0, 0.1 + 0.2, 0.3, 'PASS', 0],
    [100, 80, 0, 'PASS', -100],
    [5, 0, 0, 'PASS', 0],
    [5, 0, 0.001, 'PASS', 100],
    [5, 0, -0.001, 'REGRESSED', -100],
    [5, -80, -80, 'PASS', 0],
    [5, -80, -84, 'PASS', -5],
    [5, -80, -84.2, 'REGRESSED', -5.25],
    [5, -80, -70, 'PASS', 12.5],
    [5, -1, 1, 'PASS', 200],
    [5, 1, -1, 'REGRESSED', -200],
  ] as const)(
    'with a tolerance of %s: %s to %s is %s',
    (tolerance, base, value, verdict, percent) => {
      const found = findVerdict(rule(tolerance), measured(base), measured(value));
      expect(found).toMatchObject({ verdict, test: 'tolerance', delta: value - base });
      expect(found.deltaPercent).toBeCloseTo(percent, 10);
    },
  );

  test.each([
    // lower is better
    [5, 2, 2.1, 'PASS', 5],
    [5, 2, 2.11, 'REGRESSED', 5.5],
    [5, 2, 0.1, 'PASS', -95],
    [5, 0, 0.001, 'REGRESSED', 100],
    [5, 0, -0.001, 'PASS', -100],
    [5, -2, -1.9, 'PASS', 5],
    [5, -2, -1.8, 'REGRESSED', 10],
    [5, -2, -3, 'PASS', -50],
  ] as const)(
    'lower is better, with a tolerance of %s: %s to %s is %s',
    (tolerance, base, value, verdict, percent) => {
      const found = findVerdict(rule(tolerance, true), measured(base), measured(value));
      expect(found).toMatchObject({ verdict, deltaPercent: percent });
    },
  );

  test.each([
    [{ itemsHash: 'b'.repeat(64) }, /datasets differ/],
    [{ split: 'EVAL' }, /split TEST, the candidate of EVAL/],
    [{ split: null }, /candidate is of an evaluation set, the baseline of a split/],
    [{ judge: 'gemma' }, /answer_correctness@1, the candidate by gemma@1/],
    [{ judgeVersion: 2 }, /answer_correctness@1, the candidate by answer_correctness@2/],
    [{ value: null }, /candidate has no metric "score"/],
  ] as const)('does not compare what differs in %o', (difference, reason) => {
    const found = findVerdict(rule(5), measured(80), measured(90, difference));
    expect(found).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: [expect.stringMatching(reason)],
      baselineValue: 80,
      delta: null,
      deltaPercent: null,
    });
  });

  test('compares evaluation sets by content', () => {
    const onSet = (hash: string) => measured(80, { split: null, itemsHash: hash });
    expect(findVerdict(rule(5), onSet('a'), onSet('a'))).toMatchObject({ verdict: 'PASS' });
    expect(findVerdict(rule(5), onSet('a'), onSet('b'))).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: ['The evaluation sets differ in content.'],
    });
    expect(findVerdict(rule(5), onSet('a'), measured(80))).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: ['The baseline is of an evaluation set, the candidate of a split of a dataset.'],
    });
  });

  test('names every difference', () => {
    const other = { split: 'EVAL', judgeVersion: 2, itemsHash: 'c'.repeat(64) } as const;
    expect(findVerdict(rule(5), measured(null), measured(null, other)).reasons).toHaveLength(5);
  });

  test.each([
    [80, 70, 'score fell from 80 to 70 (-12.5 %), more than the 5 % it may lose.'],
    [80, 78, 'score fell from 80 to 78 (-2.5 %), within the 5 % it may lose.'],
    [80, 90, 'score rose from 80 to 90 (+12.5 %), which is better.'],
    [200 / 3, 200 / 3, 'score is unchanged at 66.6667.'],
  ])('explains %d to %d and says that nothing was tested', (base, value, reason) => {
    const { reasons } = findVerdict(rule(5), measured(base), measured(value));
    expect(reasons).toEqual([reason, expect.stringContaining('no statistical test')]);
  });
});

describe('percentOf', () => {
  test.each([
    [-10, 80, -12.5],
    [1, 3, 33.33],
    [-1, -3, -33.33],
    [0, 0, 0],
    [0, -5, 0],
    [3, 0, 100],
    [-3, 0, -100],
  ])('%d of %d is %d', (delta, baseline, percent) => {
    expect(percentOf(delta, baseline)).toBe(percent);
  });
});

describe('isLowerBetter', () => {
  test.each([
    'loss',
    'eval/loss',
    'trainLoss',
    'latency_p99',
    'runtime',
    'time',
    'error_rate',
    'Errors',
  ])('holds for %s', (metric) => {
    expect(isLowerBetter(metric)).toBe(true);
  });

  test.each(['score', 'accuracy', 'primary_score', 'sentiment', 'lossless', 'timeliness', ''])(
    'does not hold for %s',
    (metric) => {
      expect(isLowerBetter(metric)).toBe(false);
    },
  );
});
