import { describe, expect, test } from 'vitest';
import { canonicalJson, contentHash, sha256 } from './canonical.ts';

describe('canonicalJson', () => {
  test.for([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: [{ z: 1, y: 2 }], c: null } }, '{"b":{"c":null,"d":[{"y":2,"z":1}]}}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [[undefined, null], '[null,null]'],
    [[3, 1, 2], '[3,1,2]'],
    ['é😀\n"\\', '"é😀\\n\\"\\\\"'],
    [-0, '0'],
    [1e21, '1e+21'],
    [1.0, '1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [true, 'true'],
    [null, 'null'],
    [{}, '{}'],
    [[], '[]'],
    [{ '10': 1, '9': 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
  ] as const)('writes %j', ([value, text]) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('orders keys as RFC 8785 does, by UTF-16 code units', () => {
    // The example of section 3.2.3.
    const value = JSON.parse(
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",' +
        '"1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control",' +
        '"\\u00f6":"Latin Small Letter O With Diaeresis"}',
    );
    expect(
      Object.values(
        JSON.parse(
          `[${canonicalJson(value)
            .slice(1, -1)
            .replaceAll(/"[^"]*":/g, '')}]`,
        ),
      ),
    ).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('survives being read and written again', () => {
    const text = canonicalJson({ z: [1, { y: 'x', a: [] }], a: { '': 0 } });
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });
});

describe('a hash', () => {
  test('is the sha256 of UTF-8 bytes', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc')).toBe(abc);
    expect(sha256(Buffer.from('abc'))).toBe(abc);
    expect(sha256('é')).toBe(sha256(Buffer.of(0xc3, 0xa9)));
  });

  test('of content does not depend on the order of keys, but on that of lists', () => {
    expect(contentHash({ a: 1, b: [1, 2] })).toBe(contentHash({ b: [1, 2], a: 1 }));
    expect(contentHash({ a: 1, b: [1, 2] })).not.toBe(contentHash({ a: 1, b: [2, 1] }));
    expect(contentHash('1')).not.toBe(contentHash(1));
  });
});
