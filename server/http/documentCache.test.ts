import { describe, expect, test } from 'vitest';
import { NO_CACHE, openDocumentCache } from './documentCache.ts';

describe('the cache of documents', () => {
  test('gives back what was set, and nothing for what was not', () => {
    const cache = openDocumentCache<number>();
    cache.set('{ a }', 1);
    expect(cache.get('{ a }')).toBe(1);
    expect(cache.get('{ b }')).toBeUndefined();
    cache.set('{ a }', 2);
    expect(cache.get('{ a }')).toBe(2);
  });

  test('lets go what was not used for longest when the texts are too long together', () => {
    const cache = openDocumentCache<number>(30, 30);
    const text = (letter: string) => letter.repeat(10);
    for (const letter of ['a', 'b', 'c']) cache.set(text(letter), 1);
    expect(cache.get(text('a'))).toBe(1);
    cache.set(text('d'), 1);
    expect(cache.get(text('b'))).toBeUndefined();
    for (const letter of ['a', 'c', 'd']) expect(cache.get(text(letter)), letter).toBe(1);
    // The same text again takes no more room.
    for (let i = 0; i < 10; i++) cache.set(text('a'), 2);
    for (const letter of ['a', 'c', 'd']) expect(cache.get(text(letter)), letter).toBeDefined();
  });

  test('keeps no text that is very long', () => {
    const cache = openDocumentCache<number>(100, 10);
    cache.set('short', 1);
    cache.set('x'.repeat(11), 1);
    expect(cache.get('x'.repeat(11))).toBeUndefined();
    expect(cache.get('short')).toBe(1);
  });

  test('of what is no document keeps nothing', () => {
    NO_CACHE.set('{', new Error('Syntax Error'));
    expect(NO_CACHE.get('{')).toBeUndefined();
  });
});
