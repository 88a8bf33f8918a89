import { describe, expect, test } from 'vitest';
import type { ItemPair } from '../evaluations/comparePairs.ts';
import type { Side } from '../evaluations/compareSides.ts';
import { weigh } from './evidence.ts';
import type { Policy } from './policy.ts';
import { findVerdict } from './verdict.ts';

const side = (metrics: Record<string, number>, other: Partial<Side> = {}): Side => ({
  id: '',
  status: 'COMPLETED',
  metrics,
  itemsHash: 'a'.repeat(64),
  split: 'TEST',
  judge: 'answer_correctness',
  judgeVersion: 1,
  settings: {},
  ...other,
});
const scored = (score: number | null, other: Partial<Side> = {}) =>
  side(score === null ? {} : { score }, other);
const policy = (other: Partial<Policy> = {}): Policy => ({
  metric: 'score',
  lowerIsBetter: false,
  tolerance: 5,
  alpha: 0.05,
  onInconclusive: 'WARN',
  minItems: 0,
  requiredJudge: null,
  floors: [],
  ...other,
});

describe('findVerdict without paired items', () => {
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
      const found = findVerdict(policy({ tolerance }), scored(base), scored(value), null);
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
      const rule = policy({ tolerance, lowerIsBetter: true });
      const found = findVerdict(rule, scored(base), scored(value), null);
      expect(found).toMatchObject({ verdict, deltaPercent: percent });
    },
  );

  test.each([
    [{ itemsHash: 'b'.repeat(64) }, /datasets differ/],
    [{ split: 'EVAL' }, /split TEST, the candidate of EVAL/],
    [{ split: null }, /candidate is of an evaluation set, the baseline of a split/],
    [{ judge: 'gemma' }, /answer_correctness@1, the candidate by gemma@1/],
    [{ judgeVersion: 2 }, /answer_correctness@1, the candidate by answer_correctness@2/],
    [{ settings: { model: 'x' } }, /set up otherwise: model was not set .* "x" for the candidate/],
    [{ metrics: {} }, /candidate has no metric "score"/],
  ] as const)('does not compare what differs in %o', (difference, reason) => {
    const found = findVerdict(policy(), scored(80), scored(90, difference), null);
    expect(found).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      outcome: 'FAIL',
      reasons: [expect.stringMatching(reason)],
      baselineValue: 80,
      delta: null,
      deltaPercent: null,
    });
  });

  test('does not compare what another judge than the required one judged', () => {
    const rule = policy({ requiredJudge: 'gemma@2' });
    expect(findVerdict(rule, scored(80), scored(80), null)).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: [expect.stringContaining('requires the judge gemma@2')],
    });
  });

  test('takes settings for equal whatever their order', () => {
    const one = scored(80, { settings: { a: 1, b: { c: 2, d: 3 } } });
    const two = scored(80, { settings: { b: { d: 3, c: 2 }, a: 1 } });
    expect(findVerdict(policy(), one, two, null).verdict).toBe('PASS');
  });

  test('compares evaluation sets by content', () => {
    const onSet = (hash: string) => scored(80, { split: null, itemsHash: hash });
    expect(findVerdict(policy(), onSet('a'), onSet('a'), null)).toMatchObject({ verdict: 'PASS' });
    expect(findVerdict(policy(), onSet('a'), onSet('b'), null)).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: ['The evaluation sets differ in content.'],
    });
    expect(findVerdict(policy(), onSet('a'), scored(80), null)).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: ['The baseline is of an evaluation set, the candidate of a split of a dataset.'],
    });
  });

  test('names every difference', () => {
    const other = { split: 'EVAL', judgeVersion: 2, itemsHash: 'c'.repeat(64) } as const;
    const { reasons } = findVerdict(policy(), scored(null), scored(null, other), null);
    expect(reasons).toHaveLength(5);
  });

  test('lets fewer items than the policy asks for decide nothing', () => {
    const rule = policy({ minItems: 1, onInconclusive: 'FAIL' });
    expect(findVerdict(rule, scored(80), scored(0), null)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      outcome: 'FAIL',
      reasons: [expect.any(String), expect.stringContaining('Only 0 items are paired')],
    });
  });

  test.each([
    [80, 70, 'score fell from 80 to 70 (-12.5 %), more than the 5 % it may lose.'],
    [80, 78, 'score fell from 80 to 78 (-2.5 %), within the 5 % it may lose.'],
    [80, 90, 'score rose from 80 to 90 (+12.5 %), which is better.'],
    [200 / 3, 200 / 3, 'score is unchanged at 66.6667.'],
  ])('explains %d to %d and says that nothing was tested', (base, value, reason) => {
    const { reasons } = findVerdict(policy(), scored(base), scored(value), null);
    expect(reasons).toEqual([reason, expect.stringContaining('no statistical test')]);
  });
});

type Counts = { broken?: number; fixed?: number; right?: number; wrong?: number };

const pair = (baseline: number, candidate: number, section: string | null = null): ItemPair => ({
  baselineScore: baseline,
  candidateScore: candidate,
  baselineCorrect: baseline >= 0.5,
  candidateCorrect: candidate >= 0.5,
  section,
  category: null,
  difficulty: null,
});

const pairs = ({ broken = 0, fixed = 0, right = 0, wrong = 0 }: Counts, section?: string) => [
  ...Array.from({ length: broken }, () => pair(1, 0, section)),
  ...Array.from({ length: fixed }, () => pair(0, 1, section)),
  ...Array.from({ length: right }, () => pair(1, 1, section)),
  ...Array.from({ length: wrong }, () => pair(0, 0, section)),
];

/** What the policy makes of paired items. */
async function judge(rule: Policy, items: ItemPair[], candidate: Record<string, number> = {}) {
  const read = { pairs: items, unscored: 0 };
  const evidence = await weigh(rule, read, { brief: false });
  const metrics = { score: 0, accuracy: 0, [rule.metric]: 0, ...candidate };
  return findVerdict(rule, side(metrics), side(metrics), evidence);
}

describe('findVerdict with paired items', () => {
  test.each([
    // broken, fixed, right, wrong: verdict, p of SciPy's binomtest(min, sum, 0.5)
    [8, 3, 62, 27, 'INCONCLUSIVE', 0.2265625],
    [12, 2, 58, 28, 'REGRESSED', 0.012939453125],
    [3, 8, 67, 22, 'PASS', 0.2265625],
    [0, 0, 70, 30, 'PASS', 1],
    [5, 2, 65, 28, 'PASS', 0.453125],
    [5, 0, 0, 0, 'INCONCLUSIVE', 0.0625],
    [6, 0, 0, 0, 'REGRESSED', 0.03125],
    [0, 0, 0, 5, 'PASS', 1],
  ] as const)(
    '%i broken, %i fixed, %i right and %i wrong are %s',
    async (broken, fixed, right, wrong, verdict, pValue) => {
      const found = await judge(policy(), pairs({ broken, fixed, right, wrong }));
      const items = broken + fixed + right + wrong;
      expect(found).toMatchObject({
        verdict,
        test: 'MCNEMAR_EXACT',
        itemCount: items,
        worseCount: broken,
        betterCount: fixed,
        pValue: expect.closeTo(pValue, 12),
        baselineValue: expect.closeTo((100 * (broken + right)) / items, 9),
        delta: expect.closeTo((100 * (fixed - broken)) / items, 9),
      });
    },
  );

  test('says of five points among a hundred that they may be chance', async () => {
    const found = await judge(policy(), pairs({ broken: 8, fixed: 3, right: 62, wrong: 27 }));
    expect(found).toMatchObject({ delta: -5, baselineValue: 70, candidateValue: 65, seed: 0 });
    expect(found.reasons).toEqual([
      'score fell from 70 to 65 (-7.14 %), more than the 5 % it may lose.',
      expect.stringMatching(
        /^Of 100 paired items 8 got worse and 3 better: p = 0.227 \(McNemar's exact test\); the 95 % interval of the difference is -1[12] to [12]\.$/,
      ),
      'That may be chance: p is not below 0.05. More items would tell.',
    ]);
  });

  test.each([
    ['WARN', 'WARN'],
    ['PASS', 'PASS'],
    ['FAIL', 'FAIL'],
  ] as const)('leaves doubt to the policy: %s', async (onInconclusive, outcome) => {
    const doubt = pairs({ broken: 3, fixed: 1, right: 6 });
    expect(await judge(policy({ onInconclusive }), doubt)).toMatchObject({
      verdict: 'INCONCLUSIVE',
      outcome,
    });
    const worse = await judge(policy({ onInconclusive }), pairs({ broken: 10 }));
    expect(worse).toMatchObject({ verdict: 'REGRESSED', outcome: 'FAIL' });
    const same = await judge(policy({ onInconclusive }), pairs({ right: 10 }));
    expect(same).toMatchObject({ verdict: 'PASS', outcome: 'PASS' });
  });

  test('says of a pass what it does not rule out', async () => {
    const found = await judge(policy(), pairs({ broken: 5, fixed: 2, right: 65, wrong: 28 }));
    expect(found.reasons.slice(2)).toEqual([
      expect.stringMatching(/^A loss of up to \d+ is not ruled out, where 3.5 is allowed\.$/),
      expect.stringMatching(/^100 items show a difference of [\d.]+ four times in five/),
    ]);
    const many = await judge(policy(), pairs({ right: 4000, wrong: 1000 }));
    expect(many.reasons).toHaveLength(2);
  });

  test('tests grades with a permutation test, and accuracy of the same items exactly', async () => {
    const graded = Array.from({ length: 60 }, (_, index) => pair(0.9, index % 3 === 0 ? 0.4 : 0.8));
    expect(await judge(policy(), graded)).toMatchObject({
      verdict: 'REGRESSED',
      test: 'PAIRED_PERMUTATION',
      baselineValue: 90,
      worseCount: 60,
    });
    expect(await judge(policy({ metric: 'accuracy' }), graded)).toMatchObject({
      verdict: 'REGRESSED',
      test: 'MCNEMAR_EXACT',
      baselineValue: 1,
      worseCount: 20,
    });
    expect(await judge(policy({ metric: 'primary_score' }), graded)).toMatchObject({
      baselineValue: 0.9,
    });
  });

  test('turns round where less is better', async () => {
    const rule = policy({ lowerIsBetter: true });
    expect(await judge(rule, pairs({ fixed: 12, broken: 2, right: 86 }))).toMatchObject({
      verdict: 'REGRESSED',
      worseCount: 12,
      betterCount: 2,
    });
    expect(await judge(rule, pairs({ broken: 12, right: 88 }))).toMatchObject({ verdict: 'PASS' });
  });

  test('allows no loss from a baseline of nothing, which cannot lose', async () => {
    expect(await judge(policy(), pairs({ wrong: 10 }))).toMatchObject({
      verdict: 'PASS',
      deltaPercent: 0,
    });
    expect(await judge(policy(), pairs({ wrong: 10, fixed: 10 }))).toMatchObject({
      verdict: 'PASS',
      deltaPercent: 100,
    });
  });

  test.each([
    [99, 'PASS'],
    [100, 'PASS'],
    [101, 'INCONCLUSIVE'],
  ] as const)('asks for %i items of 100: %s', async (minItems, verdict) => {
    const found = await judge(policy({ minItems }), pairs({ right: 100 }));
    expect(found).toMatchObject({ verdict, itemCount: 100 });
  });

  test('compares one part alone when the metric is of a part', async () => {
    const items = [...pairs({ broken: 9, right: 1 }, 'hard'), ...pairs({ right: 90 }, 'easy')];
    expect(await judge(policy({ metric: 'section/hard/accuracy' }), items)).toMatchObject({
      verdict: 'REGRESSED',
      itemCount: 10,
      baselineValue: 1,
      candidateValue: 0.1,
    });
    expect(await judge(policy({ metric: 'section/easy/score' }), items)).toMatchObject({
      verdict: 'PASS',
      itemCount: 90,
      baselineValue: 100,
    });
  });

  test('shows each part with a p value corrected for their number', async () => {
    const items = [
      ...pairs({ broken: 6, right: 14 }, 'a'),
      ...pairs({ broken: 5, right: 15 }, 'b'),
      ...pairs({ right: 20 }, 'c'),
    ];
    const { slices } = await judge(policy(), items);
    // statsmodels: multipletests([0.03125, 0.0625, 1], method='holm')
    expect(slices).toMatchObject([
      { value: 'a', adjustedP: expect.closeTo(0.09375, 12), verdict: 'INCONCLUSIVE', delta: -30 },
      { value: 'b', adjustedP: expect.closeTo(0.125, 12), verdict: 'INCONCLUSIVE', items: 20 },
      { value: 'c', pValue: 1, adjustedP: 1, verdict: 'PASS', worseCount: 0 },
    ]);
    const worse = [...pairs({ broken: 10, right: 10 }, 'a'), ...pairs({ right: 20 }, 'c')];
    expect((await judge(policy(), worse)).slices).toMatchObject([
      { value: 'a', verdict: 'REGRESSED' },
      { value: 'c', verdict: 'PASS' },
    ]);
  });
});

describe('floors', () => {
  const part = (correct: number, items: number) => ({
    'section/core/accuracy': correct / items,
    'section/core/correct': correct,
    'section/core/items': items,
  });
  const floor = (minimum: number, value = 'core') =>
    policy({ floors: [{ by: 'SECTION', value, minimum }] });
  const same = pairs({ right: 50, wrong: 50 });

  test.each([
    // Wilson 95 % of 40 of 100: 0.3094 to 0.4980
    [0.4, 'PASS', 'PASS'],
    [0.45, 'INCONCLUSIVE', 'INCONCLUSIVE'],
    [0.4979, 'INCONCLUSIVE', 'INCONCLUSIVE'],
    [0.498, 'REGRESSED', 'REGRESSED'],
  ] as const)('of %d under 40 of 100 right: %s', async (minimum, verdict, ofFloor) => {
    const found = await judge(floor(minimum), same, part(40, 100));
    expect(found).toMatchObject({
      verdict,
      slices: [{ by: 'SECTION', value: 'core', floor: { verdict: ofFloor, accuracy: 0.4 } }],
    });
    expect(found.reasons.some((reason) => reason.includes('below its floor'))).toBe(
      verdict !== 'PASS',
    );
  });

  test('decide also where nothing is paired', () => {
    const metrics = { score: 40, ...part(40, 100) };
    const found = findVerdict(floor(0.6), side(metrics), side(metrics), null);
    expect(found).toMatchObject({ verdict: 'REGRESSED', test: 'tolerance' });
  });

  test('that nothing can be held against do not compare', async () => {
    expect(await judge(floor(0.1, 'gone'), same, part(40, 100))).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      reasons: [expect.stringContaining('no items of section "gone"')],
      slices: [{ value: 'gone', floor: { verdict: 'NOT_COMPARABLE', accuracy: null } }],
    });
  });

  test('weigh more than doubt about the whole', async () => {
    const doubt = pairs({ broken: 3, fixed: 1, right: 6 });
    expect((await judge(floor(0.9), doubt, part(40, 100))).verdict).toBe('REGRESSED');
    const worse = pairs({ broken: 10 });
    expect((await judge(floor(0.41), worse, part(40, 100))).verdict).toBe('REGRESSED');
  });
});
