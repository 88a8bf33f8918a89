import { describe, expect, test } from 'vitest';
import { alignTexts, MOST_STEPS } from './compareSteps.ts';

describe('alignTexts', () => {
  test('pairs the steps of two texts and finds where they part', () => {
    const was = 'Reasoning:\n1. 7 + 9 = 16\n2. 16 + 11 = 27\nAnswer: 27';
    const is = 'Reasoning:\n1. 7 + 9 = 16\n2. 16 + 11 = 26\nAnswer: 26';
    const { steps, firstDivergence } = alignTexts(was, is);
    expect(steps).toMatchObject([
      { kind: 'SAME', base: '7 + 9 = 16', other: '7 + 9 = 16' },
      { kind: 'CHANGED', base: '16 + 11 = 27', other: '16 + 11 = 26' },
    ]);
    expect(firstDivergence).toBe(1);
  });

  test('compares texts without numbered lines line by line', () => {
    expect(alignTexts('so it is 4\nand that is all', 'so it is 4')).toMatchObject({
      steps: [
        { kind: 'SAME', base: 'so it is 4' },
        { kind: 'DELETED', base: 'and that is all', other: null, otherIndex: null },
      ],
      firstDivergence: 1,
    });
  });

  test('finds no steps where there is no text, and no divergence between equal ones', () => {
    expect(alignTexts(null, null)).toEqual({ steps: [], firstDivergence: null });
    expect(alignTexts(null, '1. a\nAnswer: b').steps).toMatchObject([
      { kind: 'INSERTED', base: null },
    ]);
    expect(alignTexts('1. a', '1. a').firstDivergence).toBeNull();
  });

  test('takes the first steps of a long text', () => {
    const long = Array.from({ length: 1_000 }, (_, index) => `${index + 1}. step ${index}`).join(
      '\n',
    );
    expect(alignTexts(long, long).steps).toHaveLength(MOST_STEPS);
  });
});
