import { describe, expect, test } from 'vitest';
import { ValidationError } from '../errors.ts';
import { parse } from '../lib/parse.ts';
import { executeRunJob } from './job.ts';
import { labelList, queueKey } from './labels.ts';
import { CreateRun } from './model.ts';

const createWith = (requiredLabels: unknown) =>
  parse(CreateRun, { datasetKey: 'a-1', modelId: 'qwen3-tiny', requiredLabels });

describe('the labels a run requires', () => {
  test('are sorted and each once, and none when not given', () => {
    const given = ['gpu', 'a100-80gb', 'x.y_z', '0', 'gpu'];
    expect(createWith(given).requiredLabels).toEqual(['0', 'a100-80gb', 'gpu', 'x.y_z']);
    expect(createWith(null).requiredLabels).toEqual([]);
    expect(createWith('x'.repeat(63).split('').slice(0, 8)).requiredLabels).toEqual(['x']);
  });

  test.for([
    [['gpu', 'Large'], ['requiredLabels', '1'], /^requiredLabels\.1: use 1–63 lower-case letters/],
    [[''], ['requiredLabels', '0'], /^requiredLabels\.0: use 1–63/],
    [['-gpu'], ['requiredLabels', '0'], /starting with a letter or digit/],
    [['x'.repeat(64)], ['requiredLabels', '0'], /^requiredLabels\.0: use 1–63/],
    [['a/b'], ['requiredLabels', '0'], /^requiredLabels\.0: use 1–63/],
    ['abcdefghi'.split(''), ['requiredLabels'], /has 9 items, at most 8 are allowed/],
    ['gpu', ['requiredLabels'], /is a text, a list is needed/],
  ] as const)('%j are refused by name', ([given, path, why]) => {
    const error = (() => {
      try {
        createWith(given);
        return null;
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).issues[0]).toMatchObject({
      path,
      message: expect.stringMatching(why),
    });
  });

  test('name a queue, and read as words', () => {
    expect([[], ['cpu'], ['a', 'b.c']].map(queueKey)).toEqual(['', 'cpu', 'a,b.c']);
    expect([[], ['cpu'], ['a', 'b.c']].map((labels) => executeRunJob(labels).name)).toEqual([
      'runs.execute',
      'runs.execute.cpu',
      'runs.execute.a/b.c',
    ]);
    expect(labelList(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
