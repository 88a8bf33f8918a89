import { expect, it } from 'vitest';
import { runWords, sortWord, toRunFilter, toRunSort } from './runFilter.ts';

it('makes the filter of the API from the words of the URL', () => {
  const url = {
    text: 'lr sweep',
    status: 'failed,TIMEOUT',
    dataset: 'gsm8k-v1',
    set: 'quiz-v1',
    model: 'qwen3-tiny',
    mode: 'dry-run',
    label: 'gpu',
    failure: 'out_of_memory',
    archived: 'yes',
  };
  expect(toRunFilter(url)).toEqual({
    text: 'lr sweep',
    status: ['FAILED', 'TIMEOUT'],
    datasetKey: 'gsm8k-v1',
    evaluationSetKey: 'quiz-v1',
    modelId: 'qwen3-tiny',
    mode: 'DRY_RUN',
    label: 'gpu',
    failureCode: 'OUT_OF_MEMORY',
    archived: true,
  });
  expect(toRunFilter({})).toEqual({});
});

it.each([
  ['status', 'broken', /pending, running/],
  ['mode', 'fast', /dry-run/],
  ['failure', 'bad-luck', /out-of-memory/],
  ['archived', 'maybe', /Write yes/],
] as const)('leaves out %s %j and its token says what to write', (key, value, words) => {
  const url = { [key]: value };
  expect(toRunFilter(url)).toEqual({});
  expect(runWords.conditionsOf(url)[0]?.fault).toMatch(words);
});

it('keeps several statuses and one of everything else', () => {
  const { conditions } = runWords.parseQuery('status:failed status:timeout label:gpu label:cpu ');
  const url = conditions.reduce(runWords.withCondition, {});
  expect(url).toEqual({ status: 'failed,timeout', label: 'cpu' });
});

it.each([
  [undefined, 'NEWEST', undefined],
  ['longest', 'LONGEST', 'longest'],
  ['recently_finished', 'RECENTLY_FINISHED', 'recently_finished'],
  ['by mood', 'NEWEST', undefined],
])('reads the order %j', (word, sort, back) => {
  expect(toRunSort(word)).toBe(sort);
  expect(sortWord(toRunSort(word))).toBe(back);
});
