import { describe, expect, test } from 'vitest';
import { ValidationError } from '../../errors.ts';
import { DEFAULT_JUDGE, describeJudge, findJudge, judgeRef, listJudges } from './registry.ts';

describe('findJudge', () => {
  test('finds every judge by its reference', () => {
    expect(listJudges().length).toBeGreaterThan(0);
    for (const judge of listJudges()) expect(findJudge(judgeRef(judge))).toBe(judge);
  });

  test('finds the newest version by name alone', () => {
    expect(findJudge(DEFAULT_JUDGE)).toBe(listJudges().findLast((j) => j.name === DEFAULT_JUDGE));
  });

  test.each([
    'mock-judge',
    'mock@2',
    'answer_correctness@2',
    'answer_correctness@',
    'Answer_Correctness',
    '',
  ])('refuses %j and names the known judges', (ref) => {
    const refusal = expect.objectContaining({
      issues: [
        expect.objectContaining({
          path: ['judge'],
          code: 'UNKNOWN_JUDGE',
          found: ref,
          message: expect.stringContaining('answer_correctness@1'),
        }),
      ],
    });
    expect(() => findJudge(ref)).toThrow(ValidationError);
    expect(() => findJudge(ref)).toThrow(refusal);
  });

  test('describes a judge that is gone', () => {
    expect(describeJudge('old', 7)).toMatchObject({ name: 'old', version: 7 });
    expect(describeJudge(DEFAULT_JUDGE, 1).description).toContain('final answer');
  });
});
