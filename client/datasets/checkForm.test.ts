import { describe, expect, it } from 'vitest';
import { toCheckInput } from './checkForm.ts';

const empty = { modelId: '', maxTokens: '', maxChars: '' };

describe('toCheckInput', () => {
  it('leaves out what is empty', () => {
    expect(toCheckInput('math-v1', empty)).toEqual({
      errors: {},
      input: {
        datasetKey: 'math-v1',
        modelId: undefined,
        maxTokens: undefined,
        maxChars: undefined,
      },
    });
  });

  it('sends what is written', () => {
    expect(toCheckInput('d', { modelId: 'm', maxTokens: ' 128 ', maxChars: '900' })).toEqual({
      errors: {},
      input: { datasetKey: 'd', modelId: 'm', maxTokens: 128, maxChars: 900 },
    });
  });

  it('says which number is none', () => {
    const { errors } = toCheckInput('d', { ...empty, maxChars: '1.5', maxTokens: 'many' });
    expect(errors.maxChars).toBeDefined();
    expect(errors.maxTokens).toBeDefined();
  });
});
