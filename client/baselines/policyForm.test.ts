import { describe, expect, it } from 'vitest';
import { emptyPolicy, policyFaults, policyFormOf, toPolicy } from './policyForm.ts';

const stored = {
  metric: 'score',
  lowerIsBetter: false,
  tolerance: 2.5,
  alpha: 0.05,
  onInconclusive: 'WARN' as const,
  minItems: 50,
  requiredJudge: 'answer_correctness@1',
  floors: [{ by: 'SECTION' as const, value: 'core', minimum: 0.07 }],
};

describe('a policy', () => {
  it('goes through the form and back unchanged', () => {
    expect(toPolicy(policyFormOf(stored))).toEqual(stored);
    expect(policyFormOf(stored).floors[0]?.minimum).toBe('7');
  });

  it('leaves to the server what is left empty', () => {
    expect(toPolicy(emptyPolicy)).toEqual({ floors: [] });
    expect(policyFaults(emptyPolicy)).toEqual({});
  });

  it('is not sent with words for numbers or a floor without a part', () => {
    const form = {
      ...emptyPolicy,
      tolerance: 'five',
      floors: [{ by: 'SECTION' as const, value: '', minimum: '80' }],
    };
    expect(Object.keys(policyFaults(form))).toEqual(['tolerance', 'floors']);
  });
});
