import { describe, expect, test } from 'vitest';
import {
  codePoints,
  displayable,
  findable,
  head,
  normalisePrompt,
  preview,
  promptHash,
  text,
  unstorable,
} from './text.ts';

describe('codePoints', () => {
  test.for([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 2],
    ['😀', 1],
    ['a😀b', 3],
    ['👨‍👩‍👧', 5],
    ['\ud83d', 1],
  ] as const)('of %j are %i', ([value, count]) => {
    expect(codePoints(value)).toBe(count);
  });

  test('are what Array.from counts, for any well-formed text', () => {
    const sample = Array.from({ length: 5000 }, (_, index) =>
      String.fromCodePoint(0x20 + index * 200),
    )
      .join('')
      .toWellFormed();
    expect(codePoints(sample)).toBe(Array.from(sample).length);
  });
});

describe('preview', () => {
  test.for([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀😀…'],
    ['ab😀', 3, 'ab😀'],
    ['ab😀c', 3, 'ab😀…'],
  ] as const)('of %j in %i is %j', ([value, max, expected]) => {
    expect(preview(value, max)).toBe(expected);
    expect(head(value, max)).toBe(expected.replace('…', ''));
  });

  test('has 200 characters when nothing is said', () => {
    expect(preview('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
    expect(preview('😀'.repeat(200))).toBe('😀'.repeat(200));
  });

  test('never ends in half a character', () => {
    for (let max = 0; max < 8; max++) {
      expect(head('a😀b😀😀c', max).isWellFormed()).toBe(true);
      expect(codePoints(head('a😀b😀😀c', max))).toBe(Math.min(max, 6));
    }
  });
});

describe('what cannot be stored', () => {
  test.for([
    ['', undefined],
    ['\u0001\u007f\ufffe😀', undefined],
    ['a\0', 'NUL_CHARACTER'],
    ['\ud83d', 'LONE_SURROGATE'],
    ['\ude00\ud83d', 'LONE_SURROGATE'],
    ['\0\ud83d', 'NUL_CHARACTER'],
  ] as const)('in %j is %s', ([value, code]) => {
    expect(unstorable(value)).toBe(code);
    expect(findable(value)).toBe(code ? '' : value);
    expect(unstorable(displayable(value))).toBeUndefined();
    if (!code) expect(displayable(value)).toBe(value);
  });
});

describe('a text of limited length', () => {
  const issuesOf = (value: unknown) =>
    text(2, 3)
      .safeParse(value)
      .error?.issues.map((issue) => (issue.code === 'custom' ? issue.params : issue.code)) ?? [];

  test.for(['ab', 'abc', '😀😀', '😀😀😀'])('may be %j', (value) => {
    expect(issuesOf(value)).toEqual([]);
  });

  test.for([
    ['a', [{ code: 'TOO_SHORT', limit: 2, found: 1 }]],
    ['😀', [{ code: 'TOO_SHORT', limit: 2, found: 1 }]],
    ['abcd', [{ code: 'TOO_LONG', limit: 3, found: 4 }]],
    ['a\0b', [{ code: 'NUL_CHARACTER' }]],
    ['ab\ud83d', [{ code: 'LONE_SURROGATE' }]],
    ['\0', [{ code: 'NUL_CHARACTER' }, { code: 'TOO_SHORT', limit: 2, found: 1 }]],
    [12, ['invalid_type']],
    [null, ['invalid_type']],
  ] as const)('may not be %j', ([value, issues]) => {
    expect(issuesOf(value)).toEqual(issues);
  });
});

describe('normalisePrompt', () => {
  test.for([
    ['What is 1 + 1?', ' what  IS\t1\n+ 1?  '],
    ['①②', '12'],
    ['ﬁne', 'FINE'],
    ['e\u0301', 'é'],
    ['a\u00a0b\u3000c', 'A b C'],
  ])('makes %j and %j the same', ([one = '', other = '']) => {
    expect(normalisePrompt(one)).toBe(normalisePrompt(other));
    expect(promptHash(one)).toBe(promptHash(other));
  });

  test.for([
    ['1 + 1', '1 + 2'],
    ['ab', 'a b'],
    ['résumé', 'resume'],
  ])('keeps %j and %j apart', ([one = '', other = '']) => {
    expect(promptHash(one)).not.toBe(promptHash(other));
  });
});
