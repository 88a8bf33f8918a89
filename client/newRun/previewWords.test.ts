import { expect, it } from 'vitest';
import { estimated, lengthWords, parameterWords, tokenWords } from './previewWords.ts';

it.each([
  [{ items: 90, longest: 412, tooLong: 0, source: 'TOKENS' }, 'longest 412 tokens'],
  [
    { items: 90, longest: 3000, tooLong: 1, source: 'ESTIMATE' },
    'longest about 3,000 tokens, 1 item too long and left out',
  ],
])('says how long items are: %j', (lengths, words) => {
  expect(lengthWords(lengths)).toBe(words);
});

it.each([
  [{ hyperparameters: { batchSize: 8, maxSeqLength: 256 } }, 'at most 61,440, with padding'],
  [{ hyperparameters: { batchSize: null } }, undefined],
  [null, undefined],
])('bounds the tokens of 30 steps of %j', (config, words) => {
  expect(tokenWords({ totalSteps: 30, config })).toBe(words);
});

it.each([
  ['596049920', '596049920', '596 M'],
  ['7615616512', '20185088', '7.62 B, of which 20.2 M are trained'],
  ['900', null, '900'],
  [null, null, undefined],
])('writes %s parameters, %s trained', (parameters, trainableParameters, words) => {
  expect(parameterWords({ parameters, trainableParameters })).toBe(words);
});

it('leaves out what is not known', () => {
  expect(estimated(null)).toBeUndefined();
  expect(estimated('2147483648')).toBe('about 2.0 GiB');
});
