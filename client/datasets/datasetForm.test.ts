import { describe, expect, it } from 'vitest';
import { emptyDatasetForm, toInput } from './datasetForm.ts';

const form = { ...emptyDatasetForm, name: ' math ', version: 'v2', tag: 'easy' };

describe('toInput', () => {
  it('turns percents to fractions and leaves out what is empty', () => {
    expect(toInput(form)).toEqual({
      errors: {},
      input: {
        name: 'math',
        version: 'v2',
        filter: { source: undefined, tag: 'easy' },
        strategy: 'LATEST',
        limit: undefined,
        seed: undefined,
        split: { train: 0.8, eval: 0.1, test: 0.1 },
      },
    });
  });

  it('says what the parts add up to', () => {
    expect(toInput({ ...form, train: '70' }).errors.train).toContain('90 %');
    expect(toInput({ ...form, train: '33.4', eval: '33.3', test: '33.3' }).errors).toEqual({});
  });

  it('sends a seed only where it counts', () => {
    expect(toInput({ ...form, seed: '7' }).input.seed).toBeUndefined();
    expect(toInput({ ...form, strategy: 'RANDOM', seed: '7' }).input.seed).toBe(7);
    expect(toInput({ ...form, strategy: 'RANDOM', seed: 'x' }).errors.seed).toBeDefined();
  });
});
