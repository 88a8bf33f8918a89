import { describe, expect, test } from 'vitest';
import { measure, slicesOf } from './measure.ts';

const item = (correct: boolean, slices: object | null = null, score = Number(correct)) => ({
  correct,
  score,
  extracted: correct ? 'x' : null,
  slices: slices && { section: null, category: null, difficulty: null, ...slices },
});

describe('measure', () => {
  test('has no parts for items of a dataset', () => {
    expect(measure([item(true), item(false), item(false), item(true)])).toEqual({
      score: 50,
      primary_score: 0.5,
      accuracy: 0.5,
      correct: 2,
      items: 4,
      answered: 2,
    });
  });

  test('tells the share of right items from the mean of their scores', () => {
    const metrics = measure([item(true, null, 0.9), item(false, null, 0.4)]);
    expect(metrics).toMatchObject({ accuracy: 0.5, correct: 1 });
    expect(metrics.score).toBeCloseTo(65, 10);
    expect(metrics.primary_score).toBeCloseTo(0.65, 10);
  });

  test('has the means of each section, category and difficulty', () => {
    const metrics = measure([
      item(true, { section: 'core', category: 'a/b' }),
      item(false, { section: 'core', difficulty: 'hard' }),
      item(true, { section: 'edge_case' }),
      item(true, {}),
    ]);
    expect(metrics).toMatchObject({
      accuracy: 0.75,
      'section/core/accuracy': 0.5,
      'section/core/score': 50,
      'section/core/items': 2,
      'section/core/correct': 1,
      'section/edge_case/accuracy': 1,
      'category/a/b/accuracy': 1,
      'difficulty/hard/accuracy': 0,
    });
    expect(Object.keys(metrics)).toHaveLength(6 + 4 * 4);
    expect(slicesOf(metrics)).toEqual([
      {
        by: 'SECTION',
        value: 'core',
        items: 2,
        correct: 1,
        accuracy: 0.5,
        interval: { low: expect.closeTo(0.0945, 4), high: expect.closeTo(0.9055, 4) },
      },
      expect.objectContaining({ by: 'SECTION', value: 'edge_case', items: 1, correct: 1 }),
      expect.objectContaining({ by: 'CATEGORY', value: 'a/b', accuracy: 1 }),
      expect.objectContaining({ by: 'DIFFICULTY', value: 'hard', accuracy: 0 }),
    ]);
  });

  test.for([{}, null, { score: 1, accuracy: 1, items: 2 }])('has no parts in %o', (metrics) => {
    expect(slicesOf(metrics)).toEqual([]);
  });
});
