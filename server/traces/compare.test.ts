import { describe, expect, test } from 'vitest';
import { compareTraces } from './compare.ts';

const trace = (contents: string[], answer: string) => ({
  trace_version: '1.0',
  prompt: 'x',
  steps: contents.map((content, i) => ({ i, type: 'x', content })),
  final_answer: answer,
});

describe('compareTraces', () => {
  test('of a trace with itself finds nothing', () => {
    const one = trace(['2 + 3 = 5', 'So it is 5.'], '5');
    expect(compareTraces(one, one)).toMatchObject({
      firstDivergence: null,
      answerChanged: false,
      valueConflicts: [],
      counts: { SAME: 2, REWORDED: 0, CHANGED: 0, INSERTED: 0, DELETED: 0 },
    });
  });

  test('says where two solutions part, and in which values', () => {
    const base = trace(['We need a power of two', 'Add 1 and 4 to get 5', '2^5 = 32'], '32');
    const other = trace(['We need a power of two', 'The sum 1 + 4 = 5', '2^9 = 512'], '512');
    const comparison = compareTraces(base, other);
    expect(comparison.pairs.map(({ kind }) => kind)).toEqual(['SAME', 'REWORDED', 'CHANGED']);
    expect(comparison).toMatchObject({
      firstDivergence: 2,
      answerChanged: true,
      valueConflicts: [
        { pair: 2, base: '2^5', other: '2^9' },
        { pair: 2, base: '32', other: '512' },
      ],
      counts: { SAME: 1, REWORDED: 1, CHANGED: 1, INSERTED: 0, DELETED: 0 },
    });
  });

  test('of solutions without anything in common deletes all and inserts all', () => {
    const comparison = compareTraces(trace(['alpha', 'beta'], 'a'), trace(['gamma'], 'b'));
    expect(comparison.firstDivergence).toBe(0);
    expect(comparison.counts).toMatchObject({ DELETED: 2, INSERTED: 1, SAME: 0 });
  });

  test.for([
    ['5', '5', false],
    ['5', ' 5. ', false],
    ['1,000', '1000.0', false],
    ['Blue  Sky', 'blue sky', false],
    ['5', '6', true],
    ['5', '-5', true],
    ['5%', '5', true],
    ['5!', '5', true],
    ['😀', '😂', true],
  ] as const)('of the answers %j and %j: changed is %s', ([base, other, changed]) => {
    expect(compareTraces(trace(['x'], base), trace(['x'], other)).answerChanged).toBe(changed);
  });
});
