import { describe, expect, test } from 'vitest';
import { figuresOf, gramsOf, wordsOf } from './words.ts';

describe('wordsOf', () => {
  test.for([
    ['What is 17 + 25?', ['what', 'is', '17', '+', '25']],
    ['  Ａ\n“quoted”,   (B)  ', ['a', 'quoted', 'b']],
    ['1,234.5 of 1,2', ['1234.5', 'of', '1,2']],
    ['x2−y', ['x', '2', '-', 'y']],
    ['Straße ÉTÉ', ['straße', 'été']],
    ['世界です', ['世', '界', 'で', 'す']],
    ['ok 🙂', ['ok', '🙂']],
    ['?!… —', []],
    ['', []],
  ] as const)('cuts %j', ([text, words]) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test('are the same in composed and decomposed form', () => {
    expect(wordsOf('e\u0301te')).toEqual(wordsOf('éte'));
  });
});

describe('figuresOf', () => {
  test('holds the numbers in order', () => {
    expect(figuresOf(wordsOf('Ada has 3 pens, then 1,200 more and 3.5 m'))).toBe('3 1200 3.5');
    expect(figuresOf(wordsOf('none'))).toBe('');
  });
});

describe('gramsOf', () => {
  test('has one hash for each run of words, repeats once', () => {
    expect(gramsOf(['a', 'b', 'c', 'd'], 3).size).toBe(2);
    expect(gramsOf(['a', 'b', 'a', 'b', 'a'], 2).size).toBe(2);
  });

  test('takes a short text as one', () => {
    expect(gramsOf(['a', 'b'], 3).size).toBe(1);
    expect(gramsOf([], 3).size).toBe(0);
  });

  test('tells order and width apart', () => {
    expect(gramsOf(['a', 'b'], 2)).not.toEqual(gramsOf(['b', 'a'], 2));
    expect(gramsOf(['a', 'b'], 3)).not.toEqual(gramsOf(['a', 'b', 'b'], 3));
  });
});
