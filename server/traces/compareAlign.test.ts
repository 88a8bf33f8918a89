import { describe, expect, test } from 'vitest';
import { alignSteps, type StepPair } from './compareAlign.ts';

const said = (pairs: StepPair[]) =>
  pairs.map(({ kind, baseIndex, otherIndex }) => [kind, baseIndex, otherIndex]);

const MIRRORED = { INSERTED: 'DELETED', DELETED: 'INSERTED' } as Record<string, string>;

/** The pairs as they must be when the lists are swapped, in an order of their own. */
const mirrored = (pairs: StepPair[]) =>
  pairs.map(({ kind, baseIndex, otherIndex, similarity, valueConflicts }) => ({
    kind: MIRRORED[kind] ?? kind,
    baseIndex: otherIndex,
    otherIndex: baseIndex,
    similarity,
    valueConflicts: valueConflicts.map(({ base, other }) => ({ base: other, other: base })),
  }));

const byText = (pairs: object[]) => pairs.map((pair) => JSON.stringify(pair)).toSorted();

describe('two steps', () => {
  test.for([
    ['2 + 3 = 5', '2 + 3 = 5', 'SAME', []],
    ['Add 2 and 3 to get 5', 'The sum 2 + 3 = 5', 'REWORDED', []],
    ['3 × 2 = 6', '2*3 = 6.0', 'REWORDED', []],
    ['It costs 1,000 in all', 'In all, it costs $1000.', 'REWORDED', []],
    ['2⁵ = 32', '2^5 = 32', 'REWORDED', []],
    ['First we look at the triangle', 'First, look at the triangle.', 'REWORDED', []],
    ['2^5 = 32', '2^9 = 512', 'CHANGED', ['2^5|2^9', '32|512']],
    ['Compute 2 + 3 = 5', 'Compute 2 + 3 = 6', 'CHANGED', ['5|6']],
    ['Add 2 and 3 to get 5', '2 + 3 = 6', 'CHANGED', ['5|6']],
    ['So x = -5', 'So x = 5', 'CHANGED', ['-5|5']],
    ['(2 + 3) * 4', '2 + 3 * 4', 'CHANGED', ['(2 + 3) * 4|2 + 3 * 4']],
    ['He takes 50% of it', 'He takes 5% of it', 'CHANGED', ['50%|5%']],
    ['Answer: 5', 'Answer: 6', 'CHANGED', ['5|6']],
    ['He has 3 apples left', 'He has apples left', 'CHANGED', []],
  ] as const)('%j and %j are %s', ([base, other, kind, conflicts]) => {
    const [pair, ...more] = alignSteps([base], [other]);
    expect(more).toEqual([]);
    expect(pair?.kind).toBe(kind);
    expect(pair?.valueConflicts.map((each) => `${each.base}|${each.other}`)).toEqual(conflicts);
    expect(pair?.similarity === 1).toBe(kind === 'SAME');
  });

  test.for([
    ['2 + 3 = 5', '7 - 4 = 3'],
    ['Draw a circle', 'Therefore the answer is blue'],
    ['alpha', ''],
    ['…', '!!!'],
  ] as const)('%j and %j are no pair', ([base, other]) => {
    const pairs = alignSteps([base], [other]);
    expect(pairs.map(({ kind }) => kind).toSorted()).toEqual(['DELETED', 'INSERTED']);
    expect(pairs.every(({ similarity }) => similarity === 0)).toBe(true);
  });
});

const [A, B, C, D] = ['alpha comes first', 'beta is next', 'gamma follows it', 'delta ends all'];

describe('alignSteps', () => {
  test.for([
    [[], [], []],
    [
      [A, B],
      [A, B],
      [
        ['SAME', 0, 0],
        ['SAME', 1, 1],
      ],
    ],
    [
      [A, C],
      [A, B, C],
      [
        ['SAME', 0, 0],
        ['INSERTED', null, 1],
        ['SAME', 1, 2],
      ],
    ],
    [
      [A, B, C],
      [A, C],
      [
        ['SAME', 0, 0],
        ['DELETED', 1, null],
        ['SAME', 2, 1],
      ],
    ],
    [[], [A], [['INSERTED', null, 0]]],
    [[A], [], [['DELETED', 0, null]]],
    [
      [A, A],
      [A],
      [
        ['SAME', 0, 0],
        ['DELETED', 1, null],
      ],
    ],
    [
      [A, B, C, D],
      [A, B, D],
      [
        ['SAME', 0, 0],
        ['SAME', 1, 1],
        ['DELETED', 2, null],
        ['SAME', 3, 2],
      ],
    ],
  ] as const)('of %j and %j keeps the order', ([base, other, wanted]) => {
    expect(said(alignSteps(base, other))).toEqual(wanted);
  });

  test('takes a step that moved out and in again, and keeps as much as it can', () => {
    const pairs = alignSteps([A, B, C, D], [B, C, D, A]);
    expect(said(pairs)).toEqual([
      ['DELETED', 0, null],
      ['SAME', 1, 0],
      ['SAME', 2, 1],
      ['SAME', 3, 2],
      ['INSERTED', null, 3],
    ]);
  });

  const solutions = [
    [A, B, C, D],
    [D, C, B, A],
    [B, A],
    ['2 + 3 = 5', 'So 5 * 2 = 10', 'The answer is 10'],
    ['2 + 3 = 6', 'So 6 * 2 = 12', 'The answer is 12', A],
    ['The answer is 10', 'The sum 2 + 3 is 5', A, A, B],
    [],
  ];
  const couples = solutions.flatMap((base) => solutions.map((other) => [base, other] as const));

  test.for(couples)(
    'of %j and %j is the same mirrored, and has every step once',
    ([base, other]) => {
      const pairs = alignSteps(base, other);
      expect(byText(alignSteps(other, base))).toEqual(byText(mirrored(pairs)));
      expect(alignSteps(base, other)).toEqual(pairs);
      const places = (side: 'baseIndex' | 'otherIndex') =>
        pairs.map((pair) => pair[side]).filter((place) => place !== null);
      expect(places('baseIndex')).toEqual([...base.keys()]);
      expect(places('otherIndex')).toEqual([...other.keys()]);
    },
  );

  test('finds what differs far into long steps too', () => {
    const words = Array.from({ length: 1000 }, (_, index) => `w${'abcdefghij'[index % 10]}`);
    const long = (end: string) => [...words, end].join(' ');
    const [pair] = alignSteps([long('so x = 1')], [long('so x = 2')]);
    expect(pair).toMatchObject({ kind: 'CHANGED', valueConflicts: [{ base: '1', other: '2' }] });
  });

  test('aligns 1000 with 1000 steps in the time of a page load', () => {
    const steps = (off: number) =>
      Array.from({ length: 1000 }, (_, index) => {
        const words = Array.from({ length: 60 }, (_each, k) => `word${(index * 7 + k * 13) % 300}`);
        return `${words.join(' ')} ${index} + ${off} = ${index + off}`;
      });
    const [base, other] = [steps(0), steps(1)];
    const began = process.cpuUsage();
    const pairs = alignSteps(base, other);
    const { user } = process.cpuUsage(began);
    // Half a second; comparing each word with each would take a hundred times of it.
    expect(user / 1e6).toBeLessThan(3);
    expect(pairs.length).toBeGreaterThanOrEqual(1000);
  });
});
