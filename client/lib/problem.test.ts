import { describe, expect, it } from 'vitest';
import { issuesByField, type Problem, problemText } from './problem.ts';

const invalid = (...issues: { path: string[]; message: string }[]) =>
  ({
    __typename: 'ValidationError',
    message: 'Not valid',
    code: 'VALIDATION',
    issues: issues.map((issue) => ({ code: 'too_big', ...issue })),
  }) as Problem;

describe('issuesByField', () => {
  const fields = ['datasetKey', 'hyperparameters.batchSize', 'requiredLabels'] as const;

  it('puts each issue at its field and keeps the first of several', () => {
    const problem = invalid(
      { path: ['datasetKey'], message: 'datasetKey: unknown' },
      { path: ['hyperparameters', 'batchSize'], message: 'at most 64' },
      { path: ['hyperparameters', 'batchSize'], message: 'second' },
    );
    expect(issuesByField(problem, fields)).toEqual({
      byField: { datasetKey: 'unknown', 'hyperparameters.batchSize': 'at most 64' },
      rest: [],
    });
  });

  it('accepts paths that begin at the argument, and paths into a list', () => {
    const problem = invalid(
      { path: ['input', 'datasetKey'], message: 'unknown' },
      { path: ['requiredLabels', '1'], message: 'too long' },
    );
    expect(issuesByField(problem, fields).byField).toEqual({
      datasetKey: 'unknown',
      requiredLabels: 'too long',
    });
  });

  it('loses no issue that has no field', () => {
    const problem = invalid({ path: ['hyperparameters', 'lora', 'rank'], message: 'positive' });
    expect(issuesByField(problem, fields)).toEqual({
      byField: {},
      rest: ['hyperparameters.lora.rank: positive'],
    });
  });
});

describe('problemText', () => {
  it('says the remedy of something unavailable', () => {
    const problem = {
      __typename: 'UnavailableError',
      message: 'No runner.',
      code: 'UNAVAILABLE',
      remedy: 'Start one.',
    } as Problem;
    expect(problemText(problem)).toBe('No runner. Start one.');
  });
});
