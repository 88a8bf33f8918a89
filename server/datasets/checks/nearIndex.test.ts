import { describe, expect, test } from 'vitest';
import { NEAR, openNearIndex, similarity, sketchOf } from './nearIndex.ts';
import { wordsOf } from './words.ts';

const sketch = (text: string) => sketchOf(wordsOf(text));

/** `count` words that stand in no other text with another `name`. */
const prose = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}${'abcdefghij'[i % 10]}${letters(i)}`).join(' ');
const letters = (n: number): string =>
  [...String(n)].map((digit) => 'klmnopqrst'[Number(digit)]).join('');

/** The definition, over sets of word triples as texts. */
function jaccard(a: string, b: string): number {
  const triples = (text: string) => {
    const words = wordsOf(text);
    return new Set(words.slice(2).map((_, i) => words.slice(i, i + 3).join(' ')));
  };
  const [x, y] = [triples(a), triples(b)];
  const common = [...x].filter((triple) => y.has(triple)).length;
  return common / (x.size + y.size - common);
}

describe('similarity', () => {
  test.for([
    ['the cat sat on the mat', 'the cat sat on the mat'],
    ['the cat sat on the mat', 'the cat sat on the rug'],
    ['one two three four five six', 'zero one two three four five'],
    ['one two three', 'four five six'],
    [prose('x', 400), `${prose('x', 350)} ${prose('y', 60)}`],
  ] as const)('is the Jaccard similarity of word triples', ([a, b]) => {
    expect(similarity(sketch(a), sketch(b))).toBeCloseTo(jaccard(a, b), 12);
  });

  test('is close to it for texts of many thousand words', () => {
    const a = prose('x', 20_000);
    const b = `${prose('x', 18_500)} ${prose('y', 1_500)}`;
    expect(similarity(sketch(a), sketch(b))).toBeCloseTo(jaccard(a, b), 1);
  });

  test('of texts without words is 0', () => {
    expect(similarity(sketch('?'), sketch('?'))).toBe(0);
  });
});

describe('the index', () => {
  const find = (texts: string[], query: string) => {
    const index = openNearIndex();
    for (const [id, text] of texts.entries()) index.findOrAdd(id, sketch(text));
    return index.find(sketch(query));
  };

  test('finds the most similar text', () => {
    const base = prose('x', 60);
    const texts = [`${base} one two`, base, prose('y', 60)];
    expect(find(texts, base)).toEqual({ id: 0, similarity: expect.closeTo(58 / 60, 5) });
    expect(find(texts.slice(1), `${base} one`)).toMatchObject({ id: 0 });
    expect(find(texts, prose('z', 60))).toBeNull();
  });

  test('takes no text for near that is below the threshold', () => {
    const base = prose('x', 60);
    const far = `${prose('x', 50)} ${prose('y', 10)}`;
    expect(jaccard(base, far)).toBeLessThan(NEAR);
    expect(find([base], far)).toBeNull();
  });

  test('takes no text for near whose numbers differ or stand in another order', () => {
    const text = `${prose('x', 80)} 3 ${prose('y', 80)} 5 ${prose('z', 80)}`;
    const swapped = `${prose('x', 80)} 5 ${prose('y', 80)} 3 ${prose('z', 80)}`;
    expect(jaccard(text, swapped)).toBeGreaterThan(NEAR);
    expect(find([text], swapped)).toBeNull();
    expect(find([text], text.replace('5', '6'))).toBeNull();
    expect(find([text], text)).toMatchObject({ similarity: 1 });
  });

  test('has nothing for a text without words', () => {
    expect(find(['?', '!'], '?')).toBeNull();
  });

  test('finds nearly all pairs from the threshold on, and the same ones each time', () => {
    const pairs = Array.from({ length: 300 }, (_, i): [string, string] => {
      const name = letters(i);
      return [
        `${prose(name, 95)} ${prose(`${name}v`, 5)}`,
        `${prose(name, 95)} ${prose(`${name}w`, 5)}`,
      ];
    });
    const run = () => {
      const index = openNearIndex();
      for (const [id, [first]] of pairs.entries()) index.findOrAdd(id, sketch(first));
      return pairs.map(([, second]) => index.find(sketch(second))?.id ?? null);
    };
    const found = run();
    expect(jaccard(...(pairs[0] ?? ['', '']))).toBeGreaterThan(NEAR);
    expect(found.filter((id, i) => id === i).length).toBeGreaterThan(290);
    expect(found.every((id, i) => id === i || id === null)).toBe(true);
    expect(run()).toEqual(found);
  });

  test('stays fast when all texts are made from one template', () => {
    const start = performance.now();
    const index = openNearIndex();
    for (let i = 0; i < 10_000; i++) {
      const text = `${prose('x', 40)} ${letters(i)} ${prose('y', 6)} ${letters(i * 7)} done`;
      index.findOrAdd(i, sketch(text));
    }
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
