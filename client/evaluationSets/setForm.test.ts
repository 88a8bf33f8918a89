import { expect, it, test } from 'vitest';
import type { Problem } from '../lib/problem.ts';
import { nameOfFile, placeProblem } from './setForm.ts';

test.each([
  ['gsm8k.test.jsonl', 'gsm8k.test'],
  ['My questions (2).JSON', 'My-questions-2'],
  ['_hidden.ndjson', 'hidden'],
  ['???.jsonl', ''],
])('%s is called %s', (file, name) => {
  expect(nameOfFile(file)).toBe(name);
});

it('puts a taken key beside the version and bad lines in a notice', () => {
  const taken = { __typename: 'ConflictError', code: 'CONFLICT', message: 'Taken.' } as Problem;
  expect(placeProblem(taken)).toEqual({ byField: { version: 'Taken.' }, rest: [] });
  const bad = {
    __typename: 'ValidationError',
    code: 'VALIDATION',
    message: '',
    issues: [{ path: ['jsonl'], code: 'BAD', message: 'line 1' }],
  } as Problem;
  expect(placeProblem(bad)).toEqual({ byField: {}, rest: ['jsonl: line 1'] });
});
