import { expect, it } from 'vitest';
import { advancedFaults, parseAdvanced, placeOf } from './advanced.ts';

const TEXT = `{
  "optimizer_config": {
    "opt_type": "b1",
    "b1": 2
  },
  "model_config": { "dtype": "float8" }
}`;

it.each([
  ['', {}],
  ['  \n', {}],
  ['{"model_config": {"dtype": "float32"}}', { value: { model_config: { dtype: 'float32' } } }],
  ['[1]', { fault: expect.stringContaining('Write an object') }],
  ['7', { fault: expect.stringContaining('Write an object') }],
  ['{\n  "a": 1,\n  oops\n}', { fault: 'This is no JSON, see line 3' }],
  ['{\n  "a": 1', { fault: 'This is no JSON, see line 2' }],
])('reads %j', (text, read) => {
  expect(parseAdvanced(text)).toEqual(read);
});

it.each([
  [['optimizer_config', 'b1'], 4, '"b1"'],
  [['model_config', 'dtype'], 6, '"dtype"'],
  [['optimizer_config', 'not_there'], 2, '"optimizer_config"'],
])('finds %j in the text', (path, line, key) => {
  const place = placeOf(TEXT, path);
  expect(place?.line).toBe(line);
  expect(TEXT.slice(place?.start, place?.end)).toBe(key);
});

it('finds nothing for what is not there', () => {
  expect(placeOf(TEXT, ['training_config'])).toBeUndefined();
  expect(placeOf(TEXT, [])).toBeUndefined();
});

it('takes its own issues out of all, without saying the path twice', () => {
  const path = ['advanced', 'optimizer_config', 'b1'];
  const message = 'advanced.optimizer_config.b1: must be below 1';
  expect(
    advancedFaults([
      { path, message },
      { path: ['input', ...path], message: 'too large' },
      { path: ['datasetKey'], message: 'unknown' },
    ]),
  ).toEqual([
    { path: ['optimizer_config', 'b1'], message: 'must be below 1' },
    { path: ['optimizer_config', 'b1'], message: 'too large' },
  ]);
});
