import { describe, expect, test } from 'vitest';
import { matchAnswer, normalise } from './match.ts';

describe('matchAnswer', () => {
  test.each([
    ['Paris', 'paris'],
    ['  New   York ', 'new york'],
    ['"Paris".', 'Paris'],
    ['“Paris”', 'Paris'],
    ['**Paris**.', 'Paris'],
    ['`x`', 'x'],
    ['_x_', 'x'],
    ['$x$', 'x'],
    ['\\(x\\)', 'x'],
    ['(B)', 'b'],
    ['ＡＢＣ', 'abc'],
    ['ﬁne', 'fine'],
    ['STRASSE', 'Straße'],
    ['ΟΔΟΣ', 'οδος'],
    ['Cafe\u0301', 'Café'],
    ['\\text{Paris}', 'Paris'],
    ['x²', 'x^2'],
    ['−5', '-5'],
    ['...', '...'],
    ["'tis", "'tis"],
    ['a\u00a0b', 'a b'],
  ])('%j is the text %j', (given, expected) => {
    expect(matchAnswer(given, expected)).toBe('TEXT');
  });

  test.each([
    ['1,234', '1234'],
    ['1 234 567', '1234567'],
    ['1{,}234', '1234'],
    ['1,234.50', '1234.5'],
    ['$5', '5'],
    ['5 €', '5'],
    ['-$5', '-5'],
    ['US$5', '5'],
    ['USD 1,000', '$1000'],
    ['EUR 5.00', '5 €'],
    ['$-5.00', '$-5'],
    ['42.0', '42'],
    ['042', '42'],
    ['+42', '42'],
    ['.5', '0.5'],
    ['-0', '0'],
    ['50%', '0.5'],
    ['1/2', '50 %'],
    ['50 percent', '50%'],
    ['1/2', '0.5'],
    ['\\frac{3}{4}', '0.75'],
    ['\\dfrac{3}{4}', '3 / 4'],
    ['1 1/2', '1.5'],
    ['1½', '3/2'],
    ['½', '0.5'],
    ['-1 1/2', '-1.5'],
    ['0.333333', '1/3'],
    ['0.666667', '2/3'],
    ['1.5e3', '1500'],
    ['1e-7', '0.0000001'],
    ['12345678901234567890.0', '12345678901234567890'],
    ['１２', '12.0'],
    [`${'9'.repeat(400)}.0`, '9'.repeat(400)],
  ])('%j is the number %j', (given, expected) => {
    expect(matchAnswer(given, expected)).toBe('NUMBER');
  });

  test.each([
    ['5 apples', '5'],
    ['5 red apples', '5'],
    ['5km', '5'],
    ['5 km/h', '5.0'],
    ['30 cm²', '30'],
    ['90°', '90'],
    ['90^\\circ', '90'],
    ['1,200 dollars', '1200'],
    ['$5 dollars', '5'],
    ['50%', '50'],
    ['5 m', '5'],
    ['-3 degrees', '-3'],
    ['1/2 cup', '1/2'],
    ['5 kg', '5kg'],
    ['1,000km', '1000 km'],
    ['5.0 apples', '5 apples'],
  ])('%j is %j with a unit', (given, expected) => {
    expect(matchAnswer(given, expected)).toBe('UNIT');
  });

  test.each([
    ['42', '43'],
    ['4', '42'],
    ['423', '42'],
    ['-42', '42'],
    ['1234567', '1234568'],
    ['12345678901234567891', '12345678901234567890'],
    ['9007199254740993', '9007199254740992'],
    ['2e-7', '1e-7'],
    ['0.33', '1/3'],
    ['1e-9', '0'],
    ['10²', '102'],
    ['1½', '5.5'],
    ['3,5', '35'],
    ['12,34', '1234'],
    ['1/0', '0'],
    ['1e999', '1e998'],
    ['9'.repeat(400), '1e3'],
    ['5 million', '5'],
    ['5k', '5'],
    ['3x', '3'],
    ['2 or 3', '2'],
    ['5 to 6', '5'],
    ['5 and a half', '5'],
    ['5 apples that fell off the tree', '5'],
    ['5 apples', '5 pears'],
    ['5 kg', '5 g'],
    ['6 kg', '5 kg'],
    ['5 million km', '5 million m'],
    ['USD 5', '€5'],
    ['5', '5 apples'],
    ['50', '50%'],
    ['$5', '€5'],
    ['5!', '5'],
    ['Paris', 'London'],
    ['yes', 'no'],
    ['', 'x'],
    ['NaN', 'nan 1'],
    ['Infinity', '1'],
    ['0x10', '16'],
    ['10:30', '10.5'],
    ['2024-01-05', '2024'],
    ['1/2/3', '1'],
  ])('%j is not %j', (given, expected) => {
    expect(matchAnswer(given, expected)).toBe('DIFFERENT');
  });

  test('is the same both ways for texts and numbers', () => {
    for (const [a, b] of [
      ['1,000', '1000'],
      ['Paris.', 'paris'],
      ['1/2', '0.5'],
    ] as const) {
      expect(matchAnswer(a, b)).toBe(matchAnswer(b, a));
    }
  });
});

describe('normalise', () => {
  test.each(['**', '"', '.', '""', '…', '``', '$'])('leaves something of %j', (text) => {
    expect(normalise(text)).not.toBe('');
  });

  test('is done after the first time', () => {
    for (const text of ['"**Paris**."', '\\text{a b}', '1½ ²', '(A).', '"\'`x`\'"']) {
      expect(normalise(normalise(text))).toBe(normalise(text));
    }
  });
});
