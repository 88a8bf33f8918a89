import { describe, expect, it } from 'vitest';
import type { Problem } from '../lib/problem.ts';
import { emptyDatasetForm, placeProblem, toInput, toSelection } from './datasetForm.ts';

const form = { ...emptyDatasetForm, name: ' math ', version: 'v2' };
const beside = { filter: { tags: ['easy'] }, exclude: undefined, parentKey: 'math-v1' };

describe('toInput', () => {
  it('turns percents to fractions and leaves out what is empty', () => {
    expect(toInput(form, beside)).toEqual({
      errors: {},
      input: {
        name: 'math',
        version: 'v2',
        filter: { tags: ['easy'] },
        exclude: undefined,
        parentKey: 'math-v1',
        strategy: 'LATEST',
        limit: undefined,
        seed: undefined,
        split: { train: 0.8, eval: 0.1, test: 0.1 },
        provenance: undefined,
      },
    });
  });

  it('keeps the note as provenance', () => {
    expect(toInput({ ...form, note: ' less noise ' }, beside).input.provenance).toEqual({
      note: 'less noise',
    });
  });
});

describe('toSelection', () => {
  it('says what the parts add up to', () => {
    expect(toSelection({ ...form, train: '70' }).errors.train).toContain('90 %');
    expect(toSelection({ ...form, train: '33.4', eval: '33.3', test: '33.3' }).errors).toEqual({});
  });

  it('sends a seed only where it counts, and wants one there', () => {
    expect(toSelection({ ...form, seed: '7' }).selection.seed).toBeUndefined();
    const random = { ...form, strategy: 'RANDOM' } as const;
    expect(toSelection({ ...random, seed: '7' })).toMatchObject({
      errors: {},
      selection: { seed: 7 },
    });
    expect(toSelection({ ...random, seed: 'x' }).errors.seed).toBe('This is not a number');
    expect(toSelection(random).errors.seed).toContain('needs a seed');
  });

  it('wants a whole number of traces', () => {
    expect(toSelection({ ...form, limit: '1.5' }).errors.limit).toBeDefined();
  });
});

describe('placeProblem', () => {
  it('puts a taken key beside the version', () => {
    const problem = {
      __typename: 'ConflictError',
      code: 'CONFLICT',
      message: 'Dataset "math-v2" exists already.',
    } as Problem;
    expect(placeProblem(problem)).toEqual({ errors: { version: problem.message }, rest: [] });
  });

  it('keeps what no field is about', () => {
    const problem = {
      __typename: 'ValidationError',
      code: 'VALIDATION',
      message: '',
      issues: [
        { path: ['limit'], code: 'TOO_BIG', message: 'at most 10000' },
        { path: ['filter'], code: 'NO_MATCH', message: 'No trace matches this filter.' },
      ],
    } as Problem;
    expect(placeProblem(problem)).toEqual({
      errors: { limit: 'at most 10000' },
      rest: ['filter: No trace matches this filter.'],
    });
  });
});
