import { describe, expect, test } from 'vitest';
import { mersenne } from './mersenne.ts';

describe('mersenne', () => {
  // getrandbits(32), random(), random(), randrange(10, 52, 1, 64) of CPython 3.11.
  test.for([
    [0, 3626764237, 0.3852453064766108, 0.890243920837131, 0, 16, 0, 51],
    [1, 577090037, 0.5692038748222122, 0.8022650611681835, 1, 16, 0, 63],
    [42, 2746317213, 0.11133106816568039, 0.7415504997598329, 3, 14, 0, 13],
    [-42, 2746317213, 0.11133106816568039, 0.7415504997598329, 3, 14, 0, 13],
    [2 ** 40 + 7, 2635837658, 0.7473242567100844, 0.937932416386988, 9, 45, 0, 32],
    [2 ** 53 - 1, 404802386, 0.5606237592017245, 0.7525835200499853, 2, 7, 0, 2],
  ] as const)('draws with seed %j what random.Random draws', ([seed, ...wanted]) => {
    const { word, random, below } = mersenne(seed);
    expect([word(), random(), random(), ...[10, 52, 1, 64].map(below)]).toEqual(wanted);
  });

  test('goes on past its 624 words of state', () => {
    const { word } = mersenne(42);
    const words = Array.from({ length: 2000 }, word);
    expect(words[623]).toBe(2929454134);
    expect(words[624]).toBe(1071722055);
    expect(words[1999]).toBe(1557724698);
  });

  test.for([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses the seed %j', (seed) => {
    expect(() => mersenne(seed)).toThrow('the seed must be a whole number');
  });

  test.for([0, -1, 1.5, 2 ** 32, Number.NaN])('refuses the bound %j', (bound) => {
    expect(() => mersenne(1).below(bound)).toThrow('the bound must be a whole number');
  });
});
