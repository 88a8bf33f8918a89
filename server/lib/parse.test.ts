import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ValidationError } from '../errors.ts';
import { issuesOf, PARSING, parse } from './parse.ts';

const Input = z.strictObject({
  name: z.string().min(2).max(3),
  count: z.int().min(1).max(5).optional(),
  list: z.array(z.number()).min(1).max(2).optional(),
  mode: z.enum(['A', 'B']).optional(),
  inner: z.strictObject({ on: z.boolean() }).optional(),
  checked: z
    .string()
    .superRefine((value, context) => {
      context.addIssue({
        code: 'custom',
        message: 'is odd',
        params: { code: 'ODD', limit: 7, found: value },
      });
    })
    .optional(),
  plain: z
    .string()
    .refine(() => false, 'is never right')
    .optional(),
});

const issues = (input: unknown) => {
  const { error } = Input.safeParse(input, PARSING);
  return error ? issuesOf(error) : [];
};

describe('parse', () => {
  test('gives the value as the schema makes it', () => {
    const Trimmed = z.strictObject({ name: z.string().transform((name) => name.trim()) });
    expect(parse(Trimmed, { name: ' x ' })).toEqual({ name: 'x' });
  });

  test('throws one error with every issue', () => {
    const parsing = () => parse(Input, { name: 1, more: true });
    expect(parsing).toThrow(ValidationError);
    try {
      parsing();
    } catch (error) {
      const { issues, message } = error as ValidationError;
      expect(issues.map(({ code }) => code)).toEqual(['WRONG_TYPE', 'UNKNOWN_FIELD']);
      expect(message).toBe(issues.map((issue) => issue.message).join(' '));
    }
  });
});

describe('an issue', () => {
  test.for([
    [{}, { path: ['name'], code: 'REQUIRED' }],
    [{ name: null }, { path: ['name'], code: 'WRONG_TYPE', found: 'null' }],
    [{ name: 'a' }, { path: ['name'], code: 'TOO_SHORT', limit: '2', found: '1' }],
    [{ name: 'abcd' }, { path: ['name'], code: 'TOO_LONG', limit: '3', found: '4' }],
    [
      { name: 'ab', count: 0 },
      { path: ['count'], code: 'TOO_SMALL', limit: '1', found: '0' },
    ],
    [
      { name: 'ab', count: 6 },
      { path: ['count'], code: 'TOO_LARGE', limit: '5', found: '6' },
    ],
    [
      { name: 'ab', count: 1.5 },
      { path: ['count'], code: 'WRONG_TYPE', found: '1.5' },
    ],
    [
      { name: 'ab', list: [] },
      { path: ['list'], code: 'TOO_SHORT', limit: '1', found: '0' },
    ],
    [
      { name: 'ab', list: [1, 2, 3] },
      { path: ['list'], code: 'TOO_LONG', limit: '2', found: '3' },
    ],
    [
      { name: 'ab', list: [1, 'x'] },
      { path: ['list', '1'], code: 'WRONG_TYPE', found: 'string' },
    ],
    [
      { name: 'ab', mode: 'C' },
      { path: ['mode'], code: 'INVALID' },
    ],
    [
      { name: 'ab', inner: {} },
      { path: ['inner', 'on'], code: 'REQUIRED' },
    ],
    [
      { name: 'ab', checked: 'x' },
      { path: ['checked'], code: 'ODD', limit: '7', found: 'x' },
    ],
    [
      { name: 'ab', plain: 'x' },
      { path: ['plain'], code: 'INVALID' },
    ],
    ['text', { path: [], code: 'WRONG_TYPE', found: 'string' }],
    [undefined, { path: [], code: 'REQUIRED' }],
  ] as const)('of %j is %j', ([input, issue]) => {
    expect(issues(input)).toEqual([{ ...issue, message: expect.any(String) }]);
  });

  test('is one for each field nobody knows, with its path', () => {
    expect(issues({ name: 'ab', x: 1, inner: { on: true, y: 1, z: 2 } })).toEqual([
      {
        path: ['inner', 'y'],
        code: 'UNKNOWN_FIELD',
        message: expect.stringContaining('inner.y: '),
      },
      {
        path: ['inner', 'z'],
        code: 'UNKNOWN_FIELD',
        message: expect.stringContaining('inner.z: '),
      },
      { path: ['x'], code: 'UNKNOWN_FIELD', message: 'x: there is no such field. Remove it.' },
    ]);
  });

  test.for([
    [{}, 'name: is required.'],
    [{ name: null }, 'name: is null, a text is needed.'],
    [{ name: 'abcd' }, 'name: has 4 characters, at most 3 are allowed.'],
    [{ name: 'ab', count: 0 }, 'count: is 0, at least 1 is needed.'],
    [{ name: 'ab', count: '1' }, 'count: is a text, a number is needed.'],
    [{ name: 'ab', count: 1.5 }, 'count: is 1.5, a whole number is needed.'],
    [{ name: 'ab', list: [] }, 'list: has 0 items, at least 1 is needed.'],
    [{ name: 'ab', list: {} }, 'list: is an object, a list is needed.'],
    [{ name: 'ab', mode: 'C' }, 'mode: is not one of A, B.'],
    [{ name: 'ab', inner: { on: 1 } }, 'inner.on: is 1, true or false is needed.'],
    [[], 'The value is a list, an object is needed.'],
    [undefined, 'The value is required.'],
  ])('of %j says in plain words: %s', ([input, message]) => {
    expect(issues(input).map((issue) => issue.message)).toEqual([message]);
  });

  test('says where it is and ends like a sentence', () => {
    expect(issues({ name: 'ab', checked: 'x' })[0]?.message).toBe('checked: is odd.');
    expect(issues(1)[0]?.message).toMatch(/^[^:].*\.$/);
  });
});
