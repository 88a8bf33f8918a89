import { describe, expect, test } from 'vitest';
import { digestOf, isKey, isSecret, isToken, newKey, newToken, prefixOf } from './secrets.ts';

describe('a key', () => {
  test('says what it is for, and is never the same twice', () => {
    expect(newKey('k')).toMatch(/^trt_k_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/);
    expect(newKey('r')).toMatch(/^trt_r_/);
    const keys = Array.from({ length: 1_000 }, () => newKey('k'));
    expect(new Set(keys).size).toBe(1_000);
    expect(keys.every(isKey)).toBe(true);
  });

  test('has the check digits that others can compute', () => {
    const key = 'trt_k_00000000000000000000000000000000_';
    // crc32 of what stands before the last underscore, in base 62.
    expect(isKey(`${key}3pQl0C`)).toBe(true);
  });

  test('with any one character changed is none', () => {
    const key = newKey('k');
    for (const [at, character] of [...key].entries()) {
      const other = character === 'a' ? 'b' : 'a';
      expect(isKey(key.slice(0, at) + other + key.slice(at + 1)), `at ${at}`).toBe(false);
    }
  });

  test.for([
    '',
    'trt_k_',
    'trt_x_00000000000000000000000000000000_000000',
    `${newKey('k')} `,
    `${newKey('k')}0`,
    'sk-00000000000000000000000000000000',
  ])('%j is none', (text) => {
    expect(isKey(text)).toBe(false);
  });

  test('is known by its first 14 characters, of which 8 are random', () => {
    const key = newKey('r');
    expect(prefixOf(key)).toBe(key.slice(0, 14));
  });
});

test('a token has 256 random bits and stands in an address as it is', () => {
  const token = newToken();
  expect(isToken(token)).toBe(true);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(encodeURIComponent(token)).toBe(token);
  expect(isToken(`${token}x`)).toBe(false);
  expect(newToken()).not.toBe(token);
});

test('a secret is known by its digest, from which nobody finds it', () => {
  const key = newKey('k');
  const digest = digestOf(key);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(isSecret(key, digest)).toBe(true);
  expect(isSecret(newKey('k'), digest)).toBe(false);
});
