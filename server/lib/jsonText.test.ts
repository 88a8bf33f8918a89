import { describe, expect, test } from 'vitest';
import { countKeys, countKeysAtMost, inspectJson } from './jsonText.ts';

describe('inspectJson', () => {
  test.for([
    ['{"a":1,"a":2}', [['a']]],
    ['{"a":{"b":1,"c":2,"b":3}}', [['a', 'b']]],
    ['[{"x":1},{"y":[{"z":1,"z":1}]}]', [['1', 'y', '0', 'z']]],
    ['{"a":1,"\\u0061":2}', [['a']]],
    ['{"a":{"k":1},"b":{"k":1}}', []],
    ['{"a":"\\"a\\":1, \\"a\\":2"}', []],
    ['{"a\\\\":1,"a":2}', []],
  ] as const)('finds the double keys of %s', ([json, paths]) => {
    expect(inspectJson(json).duplicateKeys).toEqual(paths);
  });

  test('shows numbers as they are written, where a double loses them', () => {
    const json =
      '{"a":[1,12345678901234567890123,1.5],"b":-1e400,"c":9007199254740991,"d":"1e400"}';
    expect(inspectJson(json).inexact).toEqual([
      { path: ['a', '1'], written: '12345678901234567890123' },
      { path: ['b'], written: '-1e400' },
    ]);
  });

  test.for([
    ['{"a":NaN}', 'NaN'],
    ['{"a":[1, -Infinity]}', '-Infinity'],
    ['{"a":"NaN"}', null],
  ] as const)('finds in %s the word %s', ([json, word]) => {
    expect(inspectJson(json).notNumber).toBe(word);
  });

  test('counts a hundred thousand levels', () => {
    expect(inspectJson('['.repeat(100_000)).depth).toBe(100_000);
  });

  test.for(['', '"', '"\\', '{"a', '}}]]', '{"a" "b":1}', ',,,:::'])('ends on %j', (json) => {
    expect(inspectJson(json)).toBeDefined();
  });
});

describe('the number of keys', () => {
  test.for(['{"a":1,"b":{"c":[{"d" : 2}]}}', '[]', '{"a":"x"}'])('is the same for %s', (json) => {
    expect(countKeysAtMost(json)).toBe(countKeys(JSON.parse(json)));
  });

  test('is never less in the text than in the value', () => {
    const json = '{"a":"he said \\"b\\": c"}';
    expect(countKeysAtMost(json)).toBeGreaterThanOrEqual(countKeys(JSON.parse(json)));
  });

  test('differs when a key stands twice', () => {
    const json = '{"a":1,"a":2}';
    expect(countKeysAtMost(json)).toBeGreaterThan(countKeys(JSON.parse(json)));
  });
});
