import { describe, expect, it } from 'vitest';
import { judgedOn } from './judgedOn.ts';

describe('judgedOn', () => {
  const dataset = { key: 'arithmetic-v1' };

  it('names the side of the dataset', () => {
    expect(judgedOn({ split: 'TEST', dataset, evaluationSet: null })).toBe(
      'test items of arithmetic-v1',
    );
  });

  it('names the evaluation set, whatever the dataset', () => {
    expect(judgedOn({ split: null, dataset, evaluationSet: { key: 'eval-v1' } })).toBe(
      'evaluation set eval-v1',
    );
  });
});
